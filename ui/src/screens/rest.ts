// Between two exercises: a rest that ends by itself, unless the person wants to wait or to stop.
import { html, LitElement } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Exercise } from "../api";
import "../parts/ring";
import { t } from "../texts";
import { named } from "../texts/said";

const REST_S = 20;

@customElement("lw-rest")
export class Rest extends LitElement {
  @property({ attribute: false }) next!: Exercise;
  @property({ type: Number }) number = 2;
  @property({ type: Number }) of = 2;
  @state() private left = REST_S;
  @state() private waits = false;
  private clock = 0;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.clock = window.setInterval(() => this.second(), 1000);
    window.addEventListener("keydown", this.pressed, true);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.clock);
    window.removeEventListener("keydown", this.pressed, true);
  }

  protected override render() {
    return html`<section class="rest narrow">
      <h1>${t("rest.title")}</h1>
      <p class="number" aria-hidden="true">${this.waits ? "…" : this.left}</p>
      <p class="lead" role="status">
        ${t("session.queue", { a: this.number, b: this.of })} ·
        <span>${t("rest.next", { name: named(this.next.plain_name) })}</span>
      </p>
      <div class="begin">
        <button class="main" @click=${() => this.tell("onward")}>${t("rest.start")}</button>
        <button ?disabled=${this.waits} @click=${() => (this.waits = true)}>${t("rest.hold")}</button>
        <button class="quiet" @click=${() => this.tell("enough")}>
          ${t("rest.enough")} <kbd>${t("session.space")}</kbd>
        </button>
      </div>
    </section>`;
  }

  private second(): void {
    if (this.waits || document.hidden) return;
    this.left -= 1;
    if (this.left <= 0) this.tell("onward");
  }

  private tell(what: "onward" | "enough"): void {
    clearInterval(this.clock);
    this.dispatchEvent(new CustomEvent(what));
  }

  /** Space stops here as well, whatever has the focus. */
  private readonly pressed = (event: KeyboardEvent): void => {
    if (event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    this.tell("enough");
  };
}
