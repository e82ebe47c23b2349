// A way to see a kept session again; what plays it is loaded when somebody wants it.
import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { t } from "../texts";

@customElement("lw-watch")
export class Watch extends LitElement {
  @property() session = "";
  /** What and when, for who hears the button alone. */
  @property() of = "";
  @state() private open = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    return html`<button
        aria-expanded=${this.open}
        aria-label=${this.of && !this.open ? t("play.open.what", { what: this.of }) : nothing}
        @click=${this.turn}
      >
        ${t(this.open ? "play.close" : "play.open")}
      </button>
      ${this.open ? html`<lw-playback .session=${this.session}></lw-playback>` : nothing}`;
  }

  private readonly turn = async (): Promise<void> => {
    if (!this.open) await import("./playback");
    this.open = !this.open;
  };
}
