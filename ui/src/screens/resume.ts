// A session that somebody was in the middle of: go on with it, or end it where it stands.
import { html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Unfinished } from "../api";

@customElement("lw-resume")
export class Resume extends LitElement {
  @property({ attribute: false }) offer!: Unfinished;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    const { plain_name, side, effective_s } = this.offer;
    const where = side === null ? "" : side === "l" ? ", left" : ", right";
    const counted = effective_s === null ? 0 : Math.round(effective_s);
    return html`<section class="resume narrow">
      <h1>You were in the middle of: ${plain_name}${where}</h1>
      ${counted > 0 ? html`<p>${counted} seconds count so far, and they are kept.</p>` : nothing}
      <p>If you go on, you are asked how you are first, and it begins again at rest.</p>
      <nav>
        <button class="main" @click=${() => this.say("goon")}>Go on</button>
        <button @click=${() => this.say("endthere")}>End it there</button>
      </nav>
    </section>`;
  }

  private say(answer: "goon" | "endthere"): void {
    this.dispatchEvent(new CustomEvent<Unfinished>(answer, { detail: this.offer }));
  }
}
