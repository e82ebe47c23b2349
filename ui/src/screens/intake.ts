// What the plan goes by: few questions, each may be left open, and beside each what follows then.
import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { RefusedError } from "../api";
import "../parts/scale";
import {
  AT_HAND,
  emptyIntake,
  type Intake,
  PLACES,
  type Plan,
  type Question,
  type Side,
  tellIntake,
  TIGHT_PLACES,
  toggled,
} from "../plan";
import { type Key, t } from "../texts";
import { inEnglish } from "../texts/in-english";
import { capital } from "../texts/said";

const ASKED = ["course", "irritable", "hypermobile"];
const MINUTES = [3, 5, 7, 10];
const SIDES: Side[] = ["l", "r"];

@customElement("lw-intake")
export class IntakeScreen extends LitElement {
  @property({ attribute: false }) plan!: Plan;
  @state() private told: Intake = emptyIntake();
  @state() private answers: Record<string, string> = {};
  @state() private second = false;
  @state() private said = "";
  /** A week is being made, which takes some seconds. */
  @state() private making = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has("plan")) return;
    const { liked: _liked, left_out: _leftOut, ...told } = this.plan.intake ?? { ...emptyIntake(), liked: [], left_out: [] };
    this.told = told;
    for (const { name, value } of this.plan.questions)
      if (ASKED.includes(name) && value !== null) this.answers = { ...this.answers, [name]: value };
  }

  protected override render() {
    return html`<section class="narrow intake">
      <p class="quiet">${t("intake.step", { n: this.second ? 2 : 1 })}</p>
      <h1>${t(this.second ? "intake.title.2" : "intake.title")}</h1>
      <p class="lead">${t("intake.why")}</p>
      <form @submit=${this.send}>
        ${this.second ? this.possible() : this.wanted()}
        <p class="trouble" role="alert">${this.said || nothing}</p>
        <div class="foot">
          ${
            this.second
              ? html`<button type="button" @click=${() => this.step(false)}>${t("intake.back")}</button>`
              : html`<button type="button" class="link" @click=${() => this.dispatchEvent(new CustomEvent("left"))}>
                  ${t("intake.later")}
                </button>`
          }
          <span class="open" role="status">${this.making ? t("intake.making") : nothing}</span>
          <button class="main" type="submit" ?disabled=${this.making}>${t(this.second ? "intake.done" : "intake.go")}</button>
        </div>
      </form>
    </section>`;
  }

  private wanted() {
    return html`${this.words("activity")} ${this.words("movement")} ${this.words("where")}
      <div class="question">
        <lw-scale
          name="usual"
          .label=${t("intake.usual")}
          .value=${this.told.usual_nrs}
          @chosen=${(e: CustomEvent<number>) => this.tell({ usual_nrs: e.detail })}
        ></lw-scale>
        <small>${t("intake.usual.open")}</small>
      </div>
      ${this.tight()}`;
  }

  private possible() {
    const asked = this.plan.questions.filter((q) => ASKED.includes(q.name));
    return html`${inEnglish()} ${asked.map((q) => this.question(q))} ${this.yesNo("kneel")} ${this.yesNo("floor")}
      ${this.several("at_hand", AT_HAND, this.told.at_hand ?? [], (at_hand) => this.tell({ at_hand }))}
      <label class="field question"
        ><span>${t("intake.minutes")}</span>
        <select
          name="minutes"
          @change=${(e: Event) => this.tell({ minutes_a_day: Number((e.target as HTMLSelectElement).value) })}
        >
          ${MINUTES.map(
            (n) => html`<option value=${n} ?selected=${n === this.told.minutes_a_day}>${t("today.minutes", { n })}</option>`,
          )}
        </select></label
      >
      ${this.several("places", PLACES, this.told.places, (places) => this.tell({ places }))}`;
  }

  private words(what: "activity" | "movement" | "where") {
    return html`<label class="field question"
      ><span>${t(`intake.${what}`)}</span>
      <input
        type="text"
        name=${what}
        maxlength="300"
        autocomplete="off"
        placeholder=${t(`intake.${what}.hint`)}
        .value=${this.told[what]}
        @input=${(e: Event) => this.tell({ [what]: (e.target as HTMLInputElement).value })}
      />
      <small>${t(`intake.${what}.open`)}</small></label
    >`;
  }

  private tight() {
    const now = this.told.tight;
    const has = (place: string, side: Side): boolean => now.some((x) => x.place === place && x.side === side);
    const turn = (place: string, side: Side): void =>
      this.tell({
        tight: has(place, side) ? now.filter((x) => !(x.place === place && x.side === side)) : [...now, { place, side }],
      });
    return html`<fieldset class="question">
      <legend>${t("intake.tight")}</legend>
      ${TIGHT_PLACES.map(
        (place) => html`<div class="pair-of">
          <span>${t(`tight.${place}`)}</span>
          <div class="choice">
            ${SIDES.map(
              (side) => html`<label
                ><input
                  type="checkbox"
                  name=${`tight-${place}-${side}`}
                  aria-label=${`${t(`tight.${place}`)}, ${t(`side.${side}`)}`}
                  .checked=${has(place, side)}
                  @change=${() => turn(place, side)}
                /><span>${t(`side.${side}`)}</span></label
              >`,
            )}
          </div>
        </div>`,
      )}
      <small>${t("intake.tight.open")}</small>
    </fieldset>`;
  }

  /** In the words in which it is asked everywhere; a translation of them was read by nobody. */
  private question(q: Question) {
    const options = q.most === null ? q.options : Object.fromEntries(Array.from({ length: q.most + 1 }, (_, n) => [n, String(n)]));
    return html`<fieldset class="question">
      <legend lang="en">${q.ask}</legend>
      <div class="choice" lang="en">
        ${Object.entries(options).map(
          ([value, means]) => html`<label
            ><input
              type="radio"
              name=${q.name}
              value=${value}
              .checked=${this.answers[q.name] === value}
              @change=${() => (this.answers = { ...this.answers, [q.name]: value })}
            /><span>${value === "yes" || value === "no" ? t(`intake.${value}`) : capital(means)}</span></label
          >`,
        )}
      </div>
      <small>${t(`intake.${q.name}.open` as Key)}</small>
    </fieldset>`;
  }

  private yesNo(what: "kneel" | "floor") {
    return html`<fieldset class="question">
      <legend>${t(`intake.${what}`)}</legend>
      <div class="choice">
        ${[true, false].map(
          (value) => html`<label
            ><input
              type="radio"
              name=${what}
              value=${String(value)}
              .checked=${this.told[what] === value}
              @change=${() => this.tell({ [what]: value })}
            /><span>${t(value ? "intake.yes" : "intake.no")}</span></label
          >`,
        )}
      </div>
      <small>${t(`intake.${what}.open`)}</small>
    </fieldset>`;
  }

  private several(what: "at_hand" | "places", all: readonly string[], now: string[], chosen: (now: string[]) => void) {
    return html`<fieldset class="question">
      <legend>${t(`intake.${what}`)}</legend>
      <div class="choice">
        ${all.map(
          (one) => html`<label
            ><input
              type="checkbox"
              name=${`${what}-${one}`}
              .checked=${now.includes(one)}
              @change=${() => chosen(toggled(all, now, one))}
            /><span>${t((what === "at_hand" ? `hand.${one}` : `today.place.${one}`) as Key)}</span></label
          >`,
        )}
      </div>
      <small>${t(`intake.${what}.open`)}</small>
    </fieldset>`;
  }

  private tell(some: Partial<Intake>): void {
    this.told = { ...this.told, ...some };
  }

  private step(second: boolean): void {
    this.second = second;
    window.scrollTo(0, 0);
    void this.updateComplete.then(() => {
      const head = this.querySelector("h1");
      if (head === null) return;
      head.tabIndex = -1;
      head.focus({ preventScroll: true });
    });
  }

  private async send(event: Event): Promise<void> {
    event.preventDefault();
    if (!this.second) return this.step(true);
    this.making = true;
    try {
      const detail = await tellIntake({ ...this.told, answers: this.answers });
      this.dispatchEvent(new CustomEvent<Plan>("told", { detail }));
    } catch (cause) {
      this.said = cause instanceof RefusedError ? cause.message : String(cause);
    } finally {
      this.making = false;
    }
  }
}
