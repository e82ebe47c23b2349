// The hold ring: fills with seconds that count; seconds that could not be known stand beside them,
// hollow, and never in the number. When it waits, the reason stands below it.
import { html, LitElement, nothing, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import { t, waitingIn } from "../texts";

const R = 54;
const AROUND = 2 * Math.PI * R;

@customElement("lw-ring")
export class Ring extends LitElement {
  @property({ type: Number }) effective = 0;
  @property({ type: Number }) uncertain = 0;
  @property({ type: Number }) target = 0;
  @property() why = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    const share = (s: number): number => (this.target > 0 ? Math.min(s / this.target, 1) : 0);
    const counted = share(this.effective) * AROUND;
    const hollow = Math.min(share(this.uncertain) * AROUND, AROUND - counted);
    const [a, b] = [Math.floor(this.effective), Math.round(this.target)];
    return html`<figure class="ring" data-waits=${this.why !== ""}>
      <svg viewBox="0 0 128 128" role="img" aria-label=${t("session.fromStart", { a, b })}>
        ${arc("ring-all", AROUND, 0)} ${arc("ring-hollow", hollow, counted)}
        ${arc("ring-counts", counted, 0)}
        ${svg`<text class="number" x="64" y="72" text-anchor="middle">${a}</text>
          <text class="of" x="64" y="92" text-anchor="middle">/ ${b} s</text>`}
      </svg>
      ${this.why ? html`<figcaption lang=${waitingIn(this.why)}>${this.why}</figcaption>` : nothing}
    </figure>`;
  }
}

function arc(kind: string, length: number, from: number) {
  return svg`<circle class=${kind} cx="64" cy="64" r=${R} transform="rotate(-90 64 64)"
    stroke-dasharray="${length} ${AROUND - length}" stroke-dashoffset=${-from} />`;
}
