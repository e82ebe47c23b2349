// A band that this session may drive: how it stands, and why it does not pull. Letting go of the grip
// is the stop that needs no screen; the one of the page stands where it always does.
import { html, LitElement, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { t } from "../texts";
import type { BandView } from "../wire";
import "./band.css";

let latest: BandView | null = null;
const looking = new Set<(view: BandView | null) => void>();

/** What the session says of its band; null: a session begins, and nothing is known of one. */
export function bandTold(view: BandView | null): void {
  latest = view;
  for (const look of looking) look(view);
}

/** How it stands, in a sentence. */
export function bandLine(band: BandView): string {
  const n = band.force_n === null ? null : Math.max(0, Math.round(band.force_n));
  if (band.pulls && n !== null) return t("band.pulls", { n, most: Math.round(band.cap_n) });
  if (band.slack || n === null) return t("band.slack");
  return t("band.lets_go", { n });
}

@customElement("lw-band")
export class Band extends LitElement {
  @state() private band: BandView | null = latest;
  private readonly look = (view: BandView | null): void => {
    this.band = view;
  };

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.band = latest;
    looking.add(this.look);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    looking.delete(this.look);
  }

  protected override render() {
    const band = this.band;
    if (band === null) return nothing;
    const grip = band.grip === null ? "unknown" : band.grip ? "held" : "open";
    return html`<section class="band" aria-label=${t("band.title")} data-pulls=${band.pulls}>
      <p>${t("band.grip")}</p>
      <p class="now">${bandLine(band)} <span>${t(`band.${grip}`)}</span></p>
      ${band.lead === "force" ? html`<p>${t("band.force")}</p>` : nothing}
      ${band.why_not === null ? nothing : html`<p role="status">${t(`band.why.${band.why_not}`)}</p>`}
      ${band.pulls ? html`<p class="quiet">${t("band.support")}</p>` : nothing}
    </section>`;
  }
}
