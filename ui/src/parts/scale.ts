// 0 to 10 as eleven large targets, one choice; the arrow keys move as in any group of radios.
import { html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { t } from "../texts";

@customElement("lw-scale")
export class Scale extends LitElement {
  @property() label = "";
  @property() name = "scale";
  /** What both ends mean; of pain where nothing is said. */
  @property({ attribute: false }) ends: [string, string] = [t("pain.none"), t("pain.most")];
  @property({ attribute: false }) value: number | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    const numbers = Array.from({ length: 11 }, (_, n) => n);
    return html`<fieldset class="scale-of">
      <legend>${this.label}</legend>
      <div class="numbers">
        ${numbers.map(
          (n) => html`<label
            ><input
              type="radio"
              name=${this.name}
              value=${n}
              .checked=${this.value === n}
              @change=${() => this.choose(n)}
            /><span>${n}</span></label
          >`,
        )}
      </div>
      <p class="ends"><span>0 ${this.ends[0]}</span><span>10 ${this.ends[1]}</span></p>
    </fieldset>`;
  }

  private choose(n: number): void {
    this.value = n;
    this.dispatchEvent(new CustomEvent<number>("chosen", { detail: n }));
  }
}
