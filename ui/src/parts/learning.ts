// What is learnt next and how far each exercise is open; with whom one learns, and the plan for worse
// days in one's own words. Looked up only where somebody asks.
import { html, LitElement, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { RefusedError } from "../api";
import { type Taught, taught, tellLearning, type Track, TRACKS, WORSE_DAYS } from "../plan";
import { t } from "../texts";
import { named, said } from "../texts/said";

@customElement("lw-learning")
export class LearningPart extends LitElement {
  @state() private shown: Taught | null = null;
  @state() private said = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    return html`<details class="learning" @toggle=${(e: Event) => (e.target as HTMLDetailsElement).open && this.shown === null && void this.attempt(taught)}>
      <summary>${t("week.learning")}</summary>
      ${this.shown === null ? html`<p class="quiet">${this.said || t("app.moment")}</p>` : this.learnt(this.shown)}
      ${this.said && this.shown !== null ? html`<p class="trouble" role="alert">${this.said}</p>` : nothing}
    </details>`;
  }

  private learnt(shown: Taught) {
    return html`<p>${said(shown.next)}</p>
      <ul class="facts-list unlocked">
        ${shown.unlocked.map(
          (u) => html`<li data-opening=${u.opening}>
            <strong>${said(u.plain_name)}</strong>: ${t(`opening.${u.opening}`)}
            <details>
              <summary aria-label=${t("plan.why.of", { name: named(u.plain_name) })}>${t("plan.why")}</summary>
              <p>${said(u.reason)}</p>
              <p><strong>${t("plan.change")}</strong> ${said(u.would_change)}</p>
            </details>
          </li>`,
        )}
      </ul>
      <fieldset class="question">
        <legend>${t("learning.with")}</legend>
        <div class="choice">
          ${TRACKS.map(
            (track) => html`<label
              ><input type="radio" name="track" value=${track} .checked=${shown.track === track} @change=${() => this.choose(track)} /><span
                >${t(`learning.${track}`)}</span
              ></label
            >`,
          )}
        </div>
      </fieldset>
      <form @submit=${this.send}>
        <p>${t("learning.worse")}</p>
        ${WORSE_DAYS.map(
          (part) => html`<label class="field"
            ><span>${t(`learning.${part}`)}</span><input type="text" name=${part} maxlength="120" autocomplete="off" .value=${shown.flare_plan[part]}
          /></label>`,
        )}
        <div class="begin"><button type="submit">${t("ladder.keep")}</button></div>
      </form>`;
  }

  private choose(track: Track): void {
    void this.attempt(() => tellLearning({ track }));
  }

  private send(event: SubmitEvent): void {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const parts = WORSE_DAYS.map((part) => [part, String(form.get(part) ?? "")] as const);
    void this.attempt(() => tellLearning(Object.fromEntries(parts)));
  }

  private async attempt(what: () => Promise<Taught>): Promise<void> {
    this.said = "";
    try {
      this.shown = await what();
    } catch (cause) {
      this.said = cause instanceof RefusedError ? cause.message : String(cause);
    }
  }
}
