// Between two exercises: a rest that ends by itself, unless the person wants to wait or to stop.
import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Exercise } from "../api";
import { listen } from "../keys";
import "../parts/ring";
import { outOfSight } from "../sight";
import { t } from "../texts";
import { named } from "../texts/said";
import type { WordKind } from "../wire";
import { Awake } from "./awake";
import { Locking } from "./locking";

const REST_S = 20;

@customElement("lw-rest")
export class Rest extends LitElement {
  @property({ attribute: false }) next!: Exercise;
  /** Whether there was one before it in the row. */
  @property({ type: Boolean }) again = false;
  @property({ type: Number }) number = 2;
  @property({ type: Number }) of = 2;
  readonly awake = new Awake(this);
  readonly lock = new Locking(this);
  @state() private left = REST_S;
  @state() private waits = false;
  private clock = 0;
  private deaf: () => void = () => {};

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.clock = window.setInterval(() => this.second(), 1000);
    this.deaf = listen({ word: (kind) => this.word(kind), command: () => {}, digit: () => false });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.clock);
    this.deaf();
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
        <button class="main" @click=${() => this.tell("onward")}>${t("rest.start")} <kbd>n</kbd></button>
        <button ?disabled=${this.waits} @click=${() => (this.waits = true)}>${t("rest.hold")} <kbd>p</kbd></button>
        ${
          this.again
            ? html`<button @click=${() => this.tell("again")}>${t("rest.again")} <kbd>a</kbd></button>`
            : nothing
        }
        <button class="quiet" @click=${() => this.tell("enough")}>
          ${t("rest.enough")} <kbd class="space">${t("session.space")}</kbd>
        </button>
      </div>
    </section>`;
  }

  private second(): void {
    if (this.waits || outOfSight()) return;
    this.left -= 1;
    if (this.left <= 0) this.tell("onward");
  }

  private tell(what: "onward" | "again" | "enough"): void {
    clearInterval(this.clock);
    this.dispatchEvent(new CustomEvent(what));
  }

  /** The same keys as in an exercise; space stops here as well, whatever has the focus. */
  private word(kind: WordKind): void {
    if (kind === "stop") this.tell("enough");
    else if (kind === "pause") this.waits = true;
    else if (kind === "resume" || kind === "skip") this.tell("onward");
    else if (kind === "repeat" && this.again) this.tell("again");
  }
}
