// How far today: what it is, on which side, what is still asked and what is against it, before one begins.
import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { type Exercise, RefusedError } from "../api";
import "../parts/devices";
import "../parts/scale";
import "../parts/worn";
import { type Side, tellDay } from "../plan";
import { against, type Asked, type Check, CHECKS, mostOf, type Offered, offered, painNow, score, sided, waitsFor } from "../ramp";
import { type Key, t, tn } from "../texts";
import { inEnglish } from "../texts/in-english";
import { anyEnglish, capital, said } from "../texts/said";
import type { Routine } from "./today";

const SIDES: Side[] = ["l", "r"];

@customElement("lw-far")
export class Far extends LitElement {
  @property({ attribute: false }) exercise!: Exercise;
  @state() private offer: Offered | null = null;
  @state() private side: Side | null = null;
  @state() private warm: boolean | null = null;
  @state() private checks: Partial<Record<Check, number>> = {};
  /** Asked for anew, though an answer counts. */
  @state() private anew = false;
  @state() private said = "";
  /** What was open when one came: it stays where it is as it is answered. */
  private first: string[] | null = null;
  private telling: Promise<void> = Promise.resolve();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    void this.attempt(() => this.look());
  }

  protected override render() {
    const { offer } = this;
    return html`<section class="narrow far">
      <h1>${t("ramp.title")}</h1>
      <p class="lead">${said(this.exercise.plain_name)} <small>${said(this.exercise.name)}</small></p>
      <p>${t("ramp.what")} ${t("ramp.gives")}</p>
      ${offer === null ? html`<p>${this.said === "" ? t("app.moment") : nothing}</p>` : this.about(offer)}
      ${this.said ? html`<p class="trouble" role="alert">${this.said}</p>` : nothing}
      <div class="foot">
        <button class="link" @click=${() => this.dispatchEvent(new CustomEvent("left"))}>${t("ramp.back")}</button>
        <span class="open" role="status">${offer === null ? nothing : this.waits(offer)}</span>
        <button class="main" ?disabled=${offer === null || waitsFor(offer, this.side) !== null} @click=${() => this.begin()}>
          ${t("ramp.begin")}
        </button>
      </div>
    </section>`;
  }

  private about(offer: Offered) {
    return html`<div class="fog sees">
        <p>${t("ramp.sees")}</p>
        <lw-worn></lw-worn>
      </div>
      <lw-devices></lw-devices>
      ${this.refused(offer)} ${sided(offer) ? this.sides() : nothing} ${this.questions(offer)} ${this.warmth()}`;
  }

  private refused(offer: Offered) {
    const reasons = against(offer, this.side);
    if (reasons.length === 0) return nothing;
    return html`<div class="note refused" role="status">
      <h2 class="first">${t("ramp.refused")}</h2>
      <ul>
        ${reasons.map(
          (r) => html`<li data-bar=${r.bar}>
            <p class="why"><strong>${said(r.why)}</strong></p>
            <p><span>${t("ramp.change")}</span> ${said(r.change)}</p>
          </li>`,
        )}
      </ul>
      ${anyEnglish(reasons.flatMap((r) => [r.why, r.change])) ? inEnglish("short") : nothing}
      <p class="quiet">${t("ramp.begin.refused")}</p>
    </div>`;
  }

  private sides() {
    return html`<fieldset class="question">
      <legend>${t("ramp.side")}</legend>
      <div class="choice">
        ${SIDES.map(
          (side) => html`<label
            ><input type="radio" name="side" value=${side} .checked=${this.side === side} @change=${() => (this.side = side)} /><span
              >${capital(t(`side.${side}`))}</span
            ></label
          >`,
        )}
      </div>
      <small>${t("ramp.side.note")}</small>
    </fieldset>`;
  }

  private questions(offer: Offered) {
    const first = this.first ?? [];
    const [open, told] = [offer.questions.filter((q) => first.includes(q.name)), offer.questions.filter((q) => !first.includes(q.name))];
    return html`${
        open.length === 0
          ? nothing
          : html`<h2>${t("ramp.asked")}</h2>
              <p class="quiet">${t("ramp.asked.why")}</p>
              ${inEnglish()} ${open.map((q) => this.question(q))}`
      }
      ${
        told.length === 0
          ? nothing
          : html`<details class="told-before">
              <summary>${t("ramp.told")}</summary>
              ${inEnglish("short")} ${told.map((q) => this.question(q))}
            </details>`
      }`;
  }

  private question(q: Asked) {
    if (q.name === "pain_now")
      return html`<div class="question" data-name=${q.name} data-open=${q.open}>
        <lw-scale
          name="pain_now"
          .label=${t("pain.now")}
          .value=${q.value === null ? null : Number(q.value)}
          @chosen=${(e: CustomEvent<number>) => this.tell({ pain: e.detail })}
        ></lw-scale>
      </div>`;
    if (q.name === "hypermobile") return this.joints(q);
    return html`<fieldset class="question" data-name=${q.name} data-open=${q.open}>
      <legend lang="en">${q.ask}</legend>
      <div class="choice" lang="en">
        ${Object.entries(q.options).map(([value, means]) =>
          this.choice(q.name, value, q.value === value, value === "yes" || value === "no" ? capital(value) : capital(means), () =>
            this.tell({ answers: { [q.name]: value } }),
          ),
        )}
      </div>
      <small lang="en">${q.why}</small>
    </fieldset>`;
  }

  /** Nine points as five checks, each by itself; what counts already is shown and may be gone through anew. */
  private joints(q: Asked) {
    if (q.value !== null && !this.anew)
      return html`<div class="question" data-name=${q.name} data-open=${q.open}>
        <p lang="en">${t("ramp.check.why")}</p>
        <p><strong>${t("ramp.count", { n: q.value })}</strong>
          <button class="link" @click=${() => this.again()}>${t("ramp.count.anew")}</button></p>
      </div>`;
    return html`<div class="question checks" data-name=${q.name} data-open=${q.open} lang="en">
      <p>${t("ramp.check.why")}</p>
      ${CHECKS.map(
        (check) => html`<fieldset>
          <legend>${t(`ramp.check.${check}`)}</legend>
          <div class="choice">
            ${Array.from({ length: mostOf(check) + 1 }, (_, n) =>
              this.choice(check, String(n), this.checks[check] === n, this.points(check, n), () => this.check(check, n)),
            )}
          </div>
        </fieldset>`,
      )}
    </div>`;
  }

  private points(check: Check, n: number): string {
    return mostOf(check) === 1 ? (n === 0 ? "No" : "Yes") : t(`ramp.check.${n}` as Key);
  }

  private choice(name: string, value: string, checked: boolean, words: string, told: () => void) {
    return html`<label
      ><input type="radio" name=${name} value=${value} .checked=${checked} @change=${told} /><span>${words}</span></label
    >`;
  }

  private warmth() {
    return html`<fieldset class="question">
      <legend>${t("ramp.warm")}</legend>
      <div class="choice">
        ${[true, false].map((warm) =>
          this.choice("warm", String(warm), this.warm === warm, t(warm ? "ramp.warm.yes" : "ramp.warm.no"), () => (this.warm = warm)),
        )}
      </div>
      <small>${t("ramp.warm.note")}</small>
    </fieldset>`;
  }

  /** Why it cannot be begun now. */
  private waits(offer: Offered) {
    const why = waitsFor(offer, this.side);
    if (why === "open") return tn("ramp.begin.open", offer.questions.filter((q) => q.open).length);
    return why === "side" ? t("ramp.begin.side") : nothing;
  }

  private again(): void {
    [this.anew, this.checks] = [true, {}];
  }

  private check(check: Check, n: number): void {
    this.checks = { ...this.checks, [check]: n };
    const found = score(this.checks);
    if (found === null) return;
    this.anew = false;
    void this.tell({ answers: { hypermobile: String(found) } });
  }

  /** One after the other: what is said last is what counts. An answer may close the way to anything. */
  private tell(answers: Parameters<typeof tellDay>[0]): Promise<void> {
    this.telling = this.telling.then(() =>
      this.attempt(async () => {
        await tellDay(answers);
        if (answers.answers?.flare === "yes") this.dispatchEvent(new CustomEvent("flared"));
        else await this.look();
      }),
    );
    return this.telling;
  }

  private async look(): Promise<void> {
    const offer = await offered(this.exercise);
    this.first ??= offer.questions.filter((q) => q.value === null).map((q) => q.name);
    this.offer = offer;
  }

  private begin(): void {
    if (this.offer === null) return;
    const detail: Routine = {
      exercises: [this.exercise],
      painNow: painNow(this.offer),
      sides: { [this.exercise.id]: this.side },
      ramp: { warm: this.warm === true },
    };
    this.dispatchEvent(new CustomEvent<Routine>("chosen", { detail }));
  }

  private async attempt(what: () => Promise<void>): Promise<void> {
    this.said = "";
    try {
      await what();
    } catch (cause) {
      this.said = cause instanceof RefusedError ? cause.message : String(cause);
    }
  }
}
