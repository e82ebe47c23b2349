// The breath that is offered: a circle that grows and sinks. Without motion it is a word and a bar.
import { html, LitElement, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import { t } from "../texts";
import type { Guidance } from "../wire";

const LEAST = 12;
const MOST = 26;

@customElement("lw-breath")
export class Breath extends LitElement {
  @property({ attribute: false }) breath!: NonNullable<Guidance["breath"]>;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    const { phase, progress } = this.breath;
    const full = phase === "in" ? progress : 1 - progress;
    const eased = 0.5 - 0.5 * Math.cos(Math.PI * Math.min(Math.max(full, 0), 1));
    const r = LEAST + (MOST - LEAST) * eased;
    return html`<figure class="breath">
      <svg viewBox="0 0 60 60" aria-hidden="true">
        ${svg`<circle class="breath-most" cx="30" cy="30" r=${MOST} />
          <circle class="breath-now" cx="30" cy="30" r=${r} />`}
      </svg>
      <figcaption>${t(phase === "in" ? "breath.in" : "breath.out")}</figcaption>
    </figure>`;
  }
}
