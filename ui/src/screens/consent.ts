// What the program does, in plain words, before anything else; and the one measure that it needs.
import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { t } from "../texts";

/** Counted up when what is agreed to changes; then it is asked again. */
export const CONSENT_VERSION = 1;
const POINTS = ["images", "machine", "device", "stop"] as const;

@customElement("lw-consent")
export class Consent extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    return html`<section class="narrow">
      <h1>${t("consent.title")}</h1>
      <p class="lead">${t("consent.what")}</p>
      <dl class="points">
        ${POINTS.map(
          (p) => html`<div><dt>${t(`consent.${p}.head`)}</dt><dd>${t(`consent.${p}`)}</dd></div>`,
        )}
      </dl>
      <button class="main" @click=${() => this.dispatchEvent(new CustomEvent("agreed"))}>
        ${t("consent.go")}
      </button>
    </section>`;
  }
}

@customElement("lw-about")
export class About extends LitElement {
  @property({ attribute: false }) heightM: number | null = null;
  @state() private said = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    const known = this.heightM === null ? "" : String(Math.round(100 * this.heightM));
    return html`<section class="narrow">
      <h1>${t("about.title")}</h1>
      <p class="lead" id="about-why">${t("about.why")}</p>
      <form novalidate @submit=${this.send}>
        <label class="field">
          <span>${t("about.height")}</span>
          <input
            type="number"
            name="height"
            min="120"
            max="230"
            inputmode="numeric"
            autocomplete="off"
            aria-describedby="about-why about-said"
            aria-invalid=${this.said !== ""}
            .value=${known}
          />
        </label>
        <p id="about-said" class="hint" role="status">${this.said || nothing}</p>
        <button class="main" type="submit">${t(this.heightM === null ? "about.go" : "about.done")}</button>
      </form>
    </section>`;
  }

  private send(event: Event): void {
    event.preventDefault();
    const field = this.querySelector("input");
    const cm = field?.valueAsNumber ?? NaN;
    if (!(cm >= 120 && cm <= 230)) {
      this.said = t("about.range");
      field?.focus();
      return;
    }
    this.dispatchEvent(new CustomEvent<number>("told", { detail: cm / 100 }));
  }
}
