// The session: the person in the mirror, one cue, the ring and the gauge. Space stops.
import { html, LitElement, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { begin, end, RefusedError, type Totals } from "../api";
import { Camera, CannotSeeError, type Found } from "../camera";
import { drawOverlay } from "../overlay";
import "../body/view";
import type { Body } from "../body/view";
import "../parts/gauge";
import "../parts/ring";
import { Sound } from "../sound";
import { Stream } from "../stream";
import type { Decision, Guidance, View, WordKind } from "../wire";
import type { Chosen } from "./today";

const KEYS: Record<string, WordKind> = {
  " ": "stop",
  p: "pause",
  r: "resume",
  n: "skip",
  a: "repeat",
  f: "first_resistance",
  t: "tolerance",
};
const OVER = ["done", "stopped"];

@customElement("lw-session")
export class Session extends LitElement {
  @property({ attribute: false }) chosen!: Chosen;
  @state() private guidance: Guidance | null = null;
  @state() private light = false;
  @state() private connected = true;
  @state() private gone = false;
  @state() private stopped = false;
  @state() private caption = "";
  @state() private trouble = "";
  @query("video") private video!: HTMLVideoElement;
  @query(".mirror canvas") private canvas!: HTMLCanvasElement;
  @query("lw-body") private body!: Body;
  private camera: Camera | null = null;
  private stream: Stream | null = null;
  private opened: { session_id: string; key: string } | null = null;
  private opening = false;
  private readonly sound = new Sound();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    window.addEventListener("keydown", this.pressed);
    this.sound.wake();
    void this.look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("keydown", this.pressed);
    this.camera?.close();
    this.stream?.close();
    this.sound.quiet();
  }

  protected override render() {
    const g = this.guidance;
    const over = g !== null && OVER.includes(g.phase);
    return html`<section class="session" data-phase=${g?.phase ?? "waiting"}>
      <div class="mirror">
        <video playsinline muted></video><canvas></canvas>
        <p class="light" data-on=${this.light}>
          ${this.light ? "Camera on" : "Camera off"}
        </p>
      </div>
      <lw-body
        .exercise=${this.chosen.exercise.id}
        .seenFrom=${this.chosen.exercise.view}
        .heightCm=${this.chosen.heightM * 100}
      ></lw-body>
      <div class="side">
        <h1>${this.chosen.exercise.plain_name} ${sideName(g)}</h1>
        ${
          g === null
            ? nothing
            : html`${
                  g.uncued
                    ? html`<p class="lasted">${Math.floor(g.phase_s)} s</p>`
                    : html`<lw-ring
                        .effective=${g.effective_s}
                        .uncertain=${g.uncertain_s}
                        .target=${g.hold_target_s}
                      ></lw-ring>`
                }
                ${g.gauge ? html`<lw-gauge .position=${g.gauge}></lw-gauge>` : nothing}
                <p>${g.repetitions > 0 ? `${g.repetition} of ${g.repetitions}` : nothing}</p>`
        }
        ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      </div>
      <p class="cue" aria-live="assertive" lang=${this.standIn() === null ? (g?.cue_language ?? "en") : "en"}>
        ${this.standIn() ?? g?.countdown ?? g?.question?.text ?? g?.cue_text ?? "Get into the picture."}
      </p>
      ${g?.question && this.connected ? this.scale() : nothing}
      <nav>
        ${
          this.gone && !over
            ? html`<button @click=${this.leave}>Back to today</button>`
            : over
              ? html`<button @click=${this.finish}>See how it went</button>`
              : html`<button class="stop" @click=${() => this.word("stop")}>Stop <kbd>space</kbd></button>
                ${this.button("pause", "Pause", "p")} ${this.button("resume", "Go on", "r")}
                ${this.button("skip", "Next", "n")} ${this.button("repeat", "Once more", "a")}
                ${this.button("first_resistance", "First gentle pull", "f")}
                <button @click=${() => this.word("dizzy")}>I feel dizzy</button>
                <button @click=${() => this.word("leg_symptom")}>Something in my leg</button>`
        }
      </nav>
      <p class="captions" aria-live="polite">${this.caption}</p>
    </section>`;
  }

  /** What stands in the place of a cue that holds no longer; null where one does. */
  private standIn(): string | null {
    if (this.guidance !== null && OVER.includes(this.guidance.phase)) return null;
    if (this.gone) return this.guidance === null ? "" : "Nobody leads you now: come back slowly, and rest.";
    if (this.stopped) return "Stopped. Rest.";
    if (!this.connected) return "The connection is lost: come back slowly, and rest until it is there again.";
    return null;
  }

  private button(kind: WordKind, text: string, key: string) {
    return html`<button @click=${() => this.word(kind)}>${text} <kbd>${key}</kbd></button>`;
  }

  private scale() {
    const question = this.guidance?.question;
    if (!question) return nothing;
    const numbers = [];
    for (let n = question.least; n <= question.most; n += 1) numbers.push(n);
    return html`<div class="scale" role="group" aria-label=${question.text}>
      ${numbers.map((n) => html`<button @click=${() => this.word(question.id, n)}>${n}</button>`)}
    </div>`;
  }

  private async look(): Promise<void> {
    this.camera = new Camera(
      this.video,
      (found) => this.found(found),
      (on) => this.lit(on),
      (cause) => this.say(cause),
    );
    try {
      await this.camera.start();
    } catch (cause) {
      this.say(cause);
      this.gone = this.stream === null;
    }
  }

  private lit(on: boolean): void {
    this.light = on;
    if (!on) this.canvas.getContext("2d")?.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  private say(cause: unknown): void {
    const known = cause instanceof CannotSeeError || cause instanceof RefusedError;
    this.trouble = known ? cause.message : String(cause);
  }

  private found(found: Found): void {
    this.canvas.width = found.width;
    this.canvas.height = found.height;
    const accent = getComputedStyle(this).getPropertyValue("--in-window");
    drawOverlay(this.canvas, found.values, accent);
    if (this.stream === null) void this.open(found);
    else this.stream.landmarks(found.values, found.capturedS, found.people);
  }

  private async open(found: Found): Promise<void> {
    if (this.opening || this.stopped) return;
    this.opening = true;
    const { exercise, heightM, painNow } = this.chosen;
    try {
      this.opened = await begin({
        exercise_id: exercise.id,
        width_px: found.width,
        height_px: found.height,
        pose_model: `blazepose_${this.camera?.model ?? "full"}`,
        height_m: heightM,
        ...(painNow === null ? {} : { pain_now: painNow }),
      });
    } catch (cause) {
      this.say(cause);
      this.camera?.close();
      this.gone = true;
      return;
    }
    this.stream = new Stream(this.opened.session_id, this.opened.key, {
      view: (view) => this.show(view),
      told: (decision) => this.tell(decision),
      heard: (connected) => (this.connected = connected),
      over: (complete) => this.isOver(complete),
    });
    if (this.stopped) this.stream.word("stop");
  }

  private show(view: View): void {
    this.guidance = view.guidance;
    this.body.show(view);
    this.trouble = "";
  }

  /** The session is over, or nothing is heard of it any more: what was asked last holds no longer. */
  private isOver(complete: boolean): void {
    this.camera?.stop();
    this.gone = !complete;
  }

  private tell(decision: Decision): void {
    if (decision.earcon !== null) this.sound.earcon(decision.earcon);
    if (decision.text !== null) {
      this.caption = decision.text;
      this.sound.say(decision.short ?? decision.text, decision.language ?? "en");
    }
    if (OVER.includes(decision.phase)) this.camera?.stop();
  }

  private word(kind: WordKind, value: number | null = null): void {
    if (this.stream !== null) this.stream.word(kind, value);
    else if (kind === "stop") this.stopEarly();
  }

  /** A stop before the session began: it does not begin, or is stopped as soon as it has. */
  private stopEarly(): void {
    this.stopped = true;
    this.camera?.close();
    if (!this.opening) this.leave();
  }

  private leave(): void {
    this.dispatchEvent(new CustomEvent("left"));
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    const kind = KEYS[event.key.toLowerCase()];
    if (kind === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.word(kind);
  };

  private async finish(): Promise<void> {
    if (this.opened === null) return;
    try {
      const totals = await end(this.opened.session_id, this.opened.key);
      this.dispatchEvent(new CustomEvent<Totals>("finished", { detail: totals }));
    } catch (cause) {
      this.say(cause);
      this.leave();
    }
  }
}

function sideName(g: Guidance | null): string {
  if (!g?.side) return "";
  return g.side === "l" ? "· left" : "· right";
}
