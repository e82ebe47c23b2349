// The page of a session that is over: a link where it is there, a calm word while it is drawn, and a
// way to have it drawn where it was not.
import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { drawReport, lookingBack, type Past } from "../api";
import { moment, t } from "../texts";
import { named } from "../texts/said";

const LOOKS_EVERY_MS = 2000;

@customElement("lw-report")
export class Report extends LitElement {
  @property({ attribute: false }) past!: Past;
  /** In a row of a list: a button, named after its session. */
  @property({ type: Boolean }) slim = false;
  @state() private now: Past["report"] | null = null;
  private waits: number | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.waits);
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has("past")) return;
    this.now = this.past.report;
    this.wait();
  }

  protected override render() {
    const { session_id, plain_name, started_utc } = this.past;
    const what = { what: named(plain_name ?? ""), when: moment(started_utc) };
    if (this.now === "there")
      return html`<a
        class=${this.slim ? "button" : ""}
        href=${`/api/sessions/${session_id}/report`}
        target="_blank"
        rel="noopener"
        aria-label=${this.slim ? t("history.open.what", what) : nothing}
        >${t(this.slim ? "history.open" : "after.report")}</a
      >`;
    if (this.now === "being_drawn") return html`<span class="quiet" role="status">${t("report.drawn")}</span>`;
    return html`${this.slim ? nothing : html`<span class="quiet">${t("report.not")}</span>`}
      <button aria-label=${this.slim ? t("report.draw.what", what) : nothing} @click=${this.draw}>
        ${t("report.draw")}
      </button>`;
  }

  private readonly draw = async (): Promise<void> => {
    this.now = "being_drawn";
    await drawReport(this.past.session_id).catch(() => (this.now = "not_drawn"));
    this.wait();
  };

  private wait(): void {
    clearTimeout(this.waits);
    if (this.now === "being_drawn") this.waits = window.setTimeout(() => void this.look(), LOOKS_EVERY_MS);
  }

  private async look(): Promise<void> {
    const found = await lookingBack(this.past.session_id).catch(() => null);
    if (found !== null) this.now = found.past.report;
    this.wait();
  }
}
