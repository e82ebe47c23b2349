// How are you? Asked of who comes back: nothing goes on before it is answered.
import { html, LitElement } from "lit";
import { customElement } from "lit/decorators.js";

@customElement("lw-how")
export class How extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    return html`<div class="how" role="group" aria-labelledby="how">
      <h2 id="how">You are back. How are you?</h2>
      <p>Nothing goes on before you say so. It begins again at rest.</p>
      <nav>
        <button class="stop" @click=${() => this.say("unwell")}>
          Not well: stop <kbd>space</kbd>
        </button>
        <button @click=${() => this.say("well")}>Well: go on <kbd>r</kbd></button>
        <button @click=${() => this.say("enough")}>End it here</button>
      </nav>
    </div>`;
  }

  private say(answer: "well" | "unwell" | "enough"): void {
    this.dispatchEvent(new CustomEvent(answer));
  }
}
