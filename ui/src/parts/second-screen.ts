// The link with which a second screen of this machine looks on; it can lead nobody.
import { html, LitElement } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { viewLink } from "../api";
import { language, t } from "../texts";

@customElement("lw-second-screen")
export class SecondScreen extends LitElement {
  @property({ attribute: false }) opened: { session_id: string; key: string } | null = null;
  @state() private link: string | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    if (this.link !== null)
      return html`<a href=${this.link} target="_blank" rel="noopener">${t("second.open")}</a>`;
    return html`<button ?disabled=${this.opened === null} @click=${this.ask}>
      ${t("second.show")}
    </button>`;
  }

  private async ask(): Promise<void> {
    if (this.opened === null) return;
    const { link } = await viewLink(this.opened.session_id, this.opened.key);
    this.link = `${link}&language=${language}`;
  }
}
