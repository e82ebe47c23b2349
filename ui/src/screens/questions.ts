// The safety questions, one list, each answered by itself; what an answer means is said at once. Their
// words are English in any language until somebody has read a translation of them.
import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { answer, RefusedError, type Screening, type Standing, screening } from "../api";
import "../parts/country";
import { type Key, t, tn } from "../texts";
import { inEnglish } from "../texts/in-english";

/** Why they are asked again, where a person may wonder. */
const ANEW = ["stopped_since", "flare_since", "expired", "other_version"];

@customElement("lw-questions")
export class Questions extends LitElement {
  @property({ attribute: false }) screening!: Screening;
  @state() private answers: Record<string, string> = {};
  @state() private said = "";
  /** Something new is to be told while a raised answer waits: that is taken, and clears nothing. */
  @state() private worse: Screening["asked"] | null = null;
  /** With the number of a country that was chosen here. */
  @state() private told: Screening["asked"]["told"] | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    const { standing } = this.screening;
    const asked = this.worse ?? this.screening.asked;
    const outcome = standing.result?.outcome ?? "";
    const told = outcome !== "clear" ? (this.told ?? asked.told)[outcome] : undefined;
    const country = html`<lw-country
      @told=${(event: CustomEvent) => (this.told = event.detail)}
    ></lw-country>`;
    if (told !== undefined && !standing.may_answer && this.worse === null) {
      return html`<section class="told narrow" role="alert">
        <h1 lang="en">${told.now}</h1>
        <p class="lead" lang="en">${told.next}</p>
        ${inEnglish()} ${this.raised()} ${country}
        <button class="quiet" @click=${this.askAnew}>${t("questions.worse")}</button>
      </section>`;
    }
    const open = asked.question.filter((q) => this.answers[q.id] === undefined).length;
    const done = asked.question.length - open;
    return html`<section class="narrow">
      <h1>${t("questions.title")}</h1>
      <p class="lead">${t("questions.why")}</p>
      ${
        told !== undefined && outcome !== "unanswered"
          ? html`<p class="note" lang="en">${told.now} ${told.next}</p>`
          : nothing
      }
      ${ANEW.includes(standing.refusal ?? "") ? html`<p class="note" lang="en">${t(`questions.anew.${standing.refusal}` as Key)}</p>` : nothing}
      ${t("questions.english") ? html`<p class="note">${t("questions.english")}</p>` : nothing}
      <form @submit=${this.send}>
        ${asked.question.map((q) => this.question(q.id, q.text))}
        <div class="foot">
          <progress max=${asked.question.length} value=${done} aria-label=${t("questions.title")}></progress>
          <p aria-live="polite" class="open">
            ${this.said || (open > 0 ? tn("questions.open", open) : nothing)}
          </p>
          ${
            open > 0
              ? html`<button type="button" class="quiet" @click=${this.toOpen}>
                  ${t("questions.first")}
                </button>`
              : nothing
          }
          <button class="main" type="submit" ?disabled=${open > 0}>${t("questions.go")}</button>
        </div>
      </form>
      ${country}
    </section>`;
  }

  private question(id: string, text: string) {
    return html`<fieldset class="question" data-open=${this.answers[id] === undefined}>
      <legend lang="en">${text}</legend>
      <div class="choice">
        ${(["no", "yes"] as const).map(
          (value) => html`<label
            ><input
              type="radio"
              name=${id}
              value=${value}
              @change=${() => (this.answers = { ...this.answers, [id]: value })}
            /><span>${t(`questions.${value}`)}</span></label
          >`,
        )}
      </div>
    </fieldset>`;
  }

  /** By which answers, so that a slip is seen as one. */
  private raised() {
    const { raised } = this.screening;
    if (raised.length === 0) return nothing;
    return html`<h2>${t("questions.raised")}</h2>
      <ul class="facts-list raised">
        ${raised.map((r) => html`<li><span lang="en">${r.text}</span> <strong>${t(`questions.${r.answer}`)}</strong></li>`)}
      </ul>
      <p class="quiet" lang="en">${t("questions.raised.note")}</p>`;
  }

  private async askAnew(): Promise<void> {
    this.answers = {};
    this.said = "";
    this.worse = (await screening()).asked;
  }

  private toOpen(): void {
    this.querySelector<HTMLInputElement>('[data-open="true"] input')?.focus();
  }

  private async send(event: Event): Promise<void> {
    event.preventDefault();
    try {
      const told = await answer(this.screening.asked.version, this.answers);
      this.worse = null;
      this.dispatchEvent(new CustomEvent<Standing>("answered", { detail: told.standing }));
    } catch (cause) {
      this.said = cause instanceof RefusedError ? cause.message : String(cause);
    }
  }
}
