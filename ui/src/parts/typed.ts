// What somebody measured by hand, typed in or corrected: within what a person can have, and kept for good.
import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { RefusedError } from "../api";
import type { Side } from "../plan";
import { type Measured, type Row, tellTyped, type Tests } from "../tests";
import { t } from "../texts";
import { inEnglish } from "../texts/in-english";
import { named } from "../texts/said";

@customElement("lw-typed")
export class Typed extends LitElement {
  @property({ attribute: false }) measured: Measured[] = [];
  /** A result that is corrected; null: a new one. */
  @property({ attribute: false }) corrects: Row | null = null;
  @state() private test = "";
  @state() private open = false;
  @state() private said = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has("corrects") || this.corrects === null) return;
    const place = this.corrects.place;
    this.test = this.measured.find((m) => m.rows.some((r) => r.place === place))?.result ?? "";
    this.open = true;
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("corrects") && this.corrects !== null) this.querySelector<HTMLInputElement>("input[name=value]")?.focus();
  }

  protected override render() {
    const chosen = this.measured.find((m) => m.result === this.test);
    return html`<details class="typed" ?open=${this.open} @toggle=${(e: Event) => (this.open = (e.target as HTMLDetailsElement).open)}>
      <summary>${t(this.corrects === null ? "week.type" : "tests.correcting")}</summary>
      <form @submit=${this.send}>
        <label class="field"
          ><span>${t("week.test")}</span>
          <select name="test" required ?disabled=${this.corrects !== null} @change=${(e: Event) => (this.test = (e.target as HTMLSelectElement).value)}>
            <option value="">${t("tests.choose")}</option>
            ${this.measured.map((x) => html`<option value=${x.result} ?selected=${x.result === this.test}>${named(x.name)}</option>`)}
          </select></label
        >
        ${chosen === undefined ? nothing : this.asked(chosen)}
        ${this.said ? html`<p class="trouble" role="alert">${this.said}</p>` : nothing}
      </form>
    </details>`;
  }

  private asked(m: Measured) {
    const yesNo: [string, string][] = [["no", t("intake.no")], ["yes", t("intake.yes")]];
    const sides: [string, string][] = [["l", t("side.l")], ["r", t("side.r")]];
    return html`${m.sides ? this.choice("side", t("week.side"), sides, this.corrects?.side ?? null) : nothing}
      <label class="field"
        ><span>${t(m.unit === "s" ? "tests.seconds" : "week.degrees")}</span
        ><input
          type="number"
          name="value"
          min=${m.least}
          max=${m.most}
          step="1"
          required
          .value=${this.corrects?.value == null ? "" : String(Math.round(this.corrects.value))}
        /><small>${t("tests.between", { a: m.least, b: m.most })}</small></label
      >
      ${m.needs_control ? this.choice("controlled", t("week.controlled"), yesNo, null) : nothing}
      ${m.asks_symptom ? this.choice("symptom", t("week.symptom"), yesNo, null, "en") : nothing}
      ${m.asks_symptom ? inEnglish() : nothing}
      <div class="begin">
        <button type="submit">${t("week.keep")}</button>
        ${this.corrects === null ? nothing : html`<button type="button" class="quiet" @click=${this.close}>${t("tests.leave")}</button>`}
      </div>`;
  }

  private choice(name: string, says: string, options: [string, string][], now: string | null, of = document.documentElement.lang) {
    return html`<fieldset class="question">
      <legend lang=${of}>${says}</legend>
      <div class="choice">
        ${options.map(
          ([value, means]) => html`<label><input type="radio" name=${name} value=${value} required .checked=${now === value} /><span>${means}</span></label>`,
        )}
      </div>
    </fieldset>`;
  }

  private close(): void {
    this.test = "";
    this.open = false;
    this.dispatchEvent(new CustomEvent("closed"));
  }

  private async send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const told = (name: string): boolean | null => (form.has(name) ? form.get(name) === "yes" : null);
    this.said = "";
    try {
      const detail = await tellTyped({
        test: this.test,
        side: form.has("side") ? (form.get("side") as Side) : null,
        value: Number(form.get("value")),
        controlled: told("controlled"),
        symptom: told("symptom"),
        replaces: this.corrects?.place ?? null,
      });
      this.close();
      this.dispatchEvent(new CustomEvent<Tests>("told", { detail }));
    } catch (cause) {
      this.said = cause instanceof RefusedError ? cause.message : String(cause);
    }
  }
}
