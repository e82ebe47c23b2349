// Where the stretch lies between the person's own two marks, with its doubt as a band. Nothing is drawn
// where nothing is known: a window of everybody is nobody's.
import { html, LitElement, nothing, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import { t } from "../texts";
import { said as inWords } from "../texts/said";
import type { Estimate, WindowEdges } from "../wire";

const WIDTH = 240;
/** As the coach says it: none of its words of safety, so its German needs no review. */
const NO_WINDOW = "No window known yet: stop at the first gentle pull.";

@customElement("lw-gauge")
export class Gauge extends LitElement {
  @property({ attribute: false }) position: Estimate | null = null;
  @property({ attribute: false }) edges: WindowEdges | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    const { edges, position: at } = this;
    if (edges === null || !Number.isFinite(edges.lower)) return html`<p class="no-window">${inWords(NO_WINDOW)}</p>`;
    const x = (share: number): number => Math.min(Math.max(share, 0), 1) * WIDTH;
    const between = (edge: number): number => x((edge - edges.first) / (edges.tolerance - edges.first));
    const [low, high, ceiling] = [between(edges.lower), between(edges.upper), between(edges.ceiling)];
    const said =
      at === null
        ? t("gauge.unknown")
        : t("gauge.at", { p: Math.round(at.mean * 100), low: hundredth(low), high: hundredth(high) });
    return html`<svg class="gauge" viewBox="-4 0 ${WIDTH + 8} 44" role="img" aria-label=${said}>
      ${svg`<rect class="gauge-all" x="0" y="14" width=${WIDTH} height="16" rx="8" />
      <rect class="gauge-window" x=${low} y="14" width=${high - low} height="16" />
      <line class="gauge-ceiling" x1=${ceiling} x2=${ceiling} y1="12" y2="32" />`}
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

function hundredth(px: number): number {
  return Math.round((100 * px) / WIDTH);
}
