// Where the stretch lies between the person's two marks, with its doubt as a band. Nothing is drawn
// where nothing is known.
import { html, LitElement, nothing, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Estimate } from "../wire";

const LOW = 0.6;
const HIGH = 0.85;
const WIDTH = 240;

@customElement("lw-gauge")
export class Gauge extends LitElement {
  @property({ attribute: false }) position: Estimate | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    const x = (share: number): number => Math.min(Math.max(share, 0), 1) * WIDTH;
    const at = this.position;
    const said =
      at === null
        ? "Where you are between your two marks is not known"
        : `About ${Math.round(at.mean * 100)} of 100 between your two marks`;
    return html`<svg class="gauge" viewBox="-4 0 ${WIDTH + 8} 44" role="img" aria-label=${said}>
      ${svg`<rect class="gauge-all" x="0" y="14" width=${WIDTH} height="16" rx="8" />
      <rect class="gauge-window" x=${x(LOW)} y="14" width=${x(HIGH) - x(LOW)} height="16" />`}
      ${
        at === null
          ? nothing
          : svg`<rect class="gauge-doubt" x=${x(at.mean - at.sd)} y="8"
              width=${Math.max(x(at.mean + at.sd) - x(at.mean - at.sd), 2)} height="28" rx="4" />
            <line class="gauge-at" x1=${x(at.mean)} x2=${x(at.mean)} y1="4" y2="40" />`
      }
    </svg>`;
  }
}
