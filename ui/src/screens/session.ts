// One exercise: find the place before the camera, then be led. One instruction, one number, one
// picture. Space stops.
import { html, LitElement, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { end, type Exercise, goOn, type Opened, placing, RefusedError } from "../api";
import "../body/view";
import type { Body } from "../body/view";
import { Camera, CannotSeeError, type Found } from "../camera";
import { type Command, Digits, listen } from "../keys";
import { drawOverlay } from "../overlay";
import { facing } from "../placing";
import "../parts/how";
import "../parts/devices";
import "../parts/phone";
import "../parts/second-screen";
import { Sound } from "../sound";
import { Stream } from "../stream";
import { language, t } from "../texts";
import type { Decision, Guidance, View, WindowEdges, WordKind } from "../wire";
import type { Ended } from "./after";
import { begun } from "./begun";
import { beside, Finding } from "./finding";
import { scale, stop, tool, words } from "./hands";
import { leading } from "./leading";

const OVER = ["done", "stopped"];
const ONWARD_AFTER_MS = 4000;
const KEPT_PRAISE = "hold.kept";
const LONG = 60; // letters: a sentence to read, not a word to act on
const UNWELL = 1;
/** Words that wait until somebody who comes back has said how they are. */
const LATER: WordKind[] = ["skip", "repeat", "first_resistance", "tolerance"];
const CANNOT_SEE = /^(not_)?known\./;
const FLOOR = "floor_mode";
const MIRROR_LARGE = "mirror_large";

/** What is led: the exercise, and for whom. */
export interface Chosen {
  exercise: Exercise;
  /** The one side that is led; null: both, or both at once. */
  side: "l" | "r" | null;
  heightM: number;
  painNow: number | null;
  number: number;
  of: number;
}

@customElement("lw-session")
export class Session extends LitElement {
  @property({ attribute: false }) chosen!: Chosen;
  @property({ attribute: false }) waiting: Record<string, string> = {};
  /** Id of the session that is gone on with; null: a new one begins. */
  @property({ attribute: false }) resumes: string | null = null;
  @state() private guidance: Guidance | null = null;
  @state() private edges: WindowEdges[] = [];
  @state() private finding: Finding | null = null;
  @state() private images = 0;
  @state() private light = false;
  @state() private connected = true;
  @state() private gone = false;
  @state() private stopped = false;
  @state() private asksHow = false;
  @state() private standing = "";
  /** Paused, to be seen better: where to be stands beside the picture until it goes on. */
  @state() private seeks = false;
  @state() private caption = "";
  @state() private captionLanguage = "en";
  @state() private trouble = "";
  @state() private floor = localStorage.getItem(FLOOR) === "1";
  @state() private mirrorLarge = localStorage.getItem(MIRROR_LARGE) === "1";
  @state() private muted = false;
  @query("video") private video!: HTMLVideoElement;
  @query(".mirror canvas") private canvas!: HTMLCanvasElement;
  @query("lw-body") private body!: Body;
  private camera: Camera | null = null;
  private stream: Stream | null = null;
  private landmarks: Float32Array | null = null;
  private opened: Opened | null = null;
  private opening = false;
  private started = false;
  private short: string | null = null;
  private shortOf: string | null = null;
  private count: number | null = null;
  private painTold: number | null = null;
  private unwell = false;
  private readonly praise: string[] = [];
  private readonly sound = new Sound();
  private readonly digits = new Digits((n) => this.told(n));
  private deaf: () => void = () => {};
  private onward = 0;
  private awake: WakeLockSentinel | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    this.deaf = listen({
      word: (kind) => this.word(kind),
      command: (command) => this.command(command),
      digit: (n) => this.digit(n),
    });
    this.sound.wake();
    document.body.classList.add("in-session");
    this.lock();
    document.addEventListener("visibilitychange", this.lock);
    document.addEventListener("visibilitychange", this.looked);
    void this.look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.deaf();
    this.digits.clear();
    clearTimeout(this.onward);
    document.body.classList.remove("in-session", "floor");
    document.removeEventListener("visibilitychange", this.lock);
    document.removeEventListener("visibilitychange", this.looked);
    void this.awake?.release();
    this.camera?.close();
    this.stream?.close();
    this.sound.quiet();
  }

  private get over(): boolean {
    return this.guidance !== null && OVER.includes(this.guidance.phase);
  }

  /** Whether the person is asked how they are, and nothing goes on before they have said so. */
  private get asks(): boolean {
    return this.asksHow && this.connected && !this.gone && !this.stopped && !this.over;
  }

  /** Whether the coach says that it cannot see: nothing is counted over that, to the eye or the ear. */
  private get unseen(): boolean {
    return !this.places && CANNOT_SEE.test(this.guidance?.cue_id ?? "");
  }

  private get places(): boolean {
    return !this.started && !this.gone && !this.stopped;
  }

  protected override render() {
    document.body.classList.toggle("floor", this.floor);
    const { exercise, heightM, number, of } = this.chosen;
    const mirrorLarge = this.places || this.mirrorLarge;
    const cue = this.cue();
    const question = this.connected ? this.guidance?.question : null;
    const press = (command: Command): void => this.command(command);
    return html`<section
      class="session"
      aria-label=${t("session.label")}
      data-phase=${this.guidance?.phase ?? "waiting"}
      data-stage=${this.places ? "placing" : "led"}
      data-large=${mirrorLarge ? "mirror" : "body"}
    >
      <header>
        <h1>
          <span lang="en">${exercise.plain_name}</span> ${sideName(this.guidance)}
          ${of > 1 ? html`<small>${t("session.queue", { a: number, b: of })}</small>` : nothing}
        </h1>
        <div class="tools">
          ${this.places ? nothing : tool(press, "swap", t("session.swap"), "v", this.mirrorLarge)}
          ${tool(press, "sound", t("session.sound"), "m", !this.muted)}
          ${tool(press, "floor", t("session.floor"), "l", this.floor)}
        </div>
      </header>
      <div class="pictures">
        <div class="mirror" role="img" aria-label=${t("session.mirror")}>
          <video playsinline muted></video><canvas></canvas>
          ${
            this.places && this.finding
              ? html`<lw-silhouette
                  .placing=${this.finding.placing}
                  .parts=${this.finding.placed?.parts ?? null}
                ></lw-silhouette>`
              : nothing
          }
        </div>
        <lw-body
          .exercise=${exercise.id}
          .seenFrom=${facing(exercise.view, this.chosen.side)}
          .heightCm=${heightM * 100}
          .edges=${this.edges}
          @make-visible=${() => this.seek()}
        ></lw-body>
        ${this.counted() === null ? nothing : html`<p class="count-over" aria-hidden="true">${this.counted()}</p>`}
        <p class="light" data-on=${this.light}>
          ${t(this.light ? "session.camera.on" : "session.camera.off")}
        </p>
      </div>
      <div class="side">
        ${this.places || this.seeks ? this.placingSide() : this.ledSide()}
        ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      </div>
      <p class="cue" lang=${this.cueLanguage()} data-long=${cue.length > LONG}>${cue}</p>
      ${question ? scale(question, (n) => this.told(n)) : nothing}
      ${
        this.asks
          ? html`<lw-how
              @well=${() => this.word("resume")}
              @unwell=${() => this.word("stop")}
              @enough=${() => this.finish(true)}
            ></lw-how>`
          : nothing
      }
      <nav aria-label=${t("session.label")} ?hidden=${this.asks}>${this.buttons()}</nav>
      <p class="captions" role="status" aria-live="assertive" lang=${this.captionLanguage}>
        <span class=${this.caption === cue || this.asks || this.over ? "hidden" : ""}>${this.caption}</span>
      </p>
    </section>`;
  }

  private placingSide() {
    return this.finding === null ? nothing : beside(this.finding.placing, this.finding.placed);
  }

  private ledSide() {
    const g = this.guidance;
    const { stretch, edges } = this.body?.aimed(g?.side ?? null) ?? { stretch: false, edges: null };
    if (this.over) return html`<p class="phase">${t(`phase.${g?.phase ?? "done"}`)}</p>`;
    return html`${leading(g, this.waiting, this.chosen.exercise.view, stretch ? { edges } : null)}
      <lw-phone slim .exercise=${this.chosen.exercise.id}></lw-phone>
      <lw-devices slim></lw-devices>
      <lw-second-screen .opened=${this.opened}></lw-second-screen>`;
  }

  private buttons() {
    if ((this.gone || !this.connected) && !this.over)
      return html`<button class="main" @click=${this.leave}>${t("session.today")}</button>`;
    if (this.over)
      return html`<button class="main" @click=${() => this.finish()}>${t("session.after")}</button>`;
    const say = (kind: WordKind): void => this.word(kind);
    if (!this.places) return words(say, this.guidance?.phase === "paused");
    return html`${stop(say)}
      <button ?disabled=${this.finding?.placed == null} @click=${() => (this.started = true)}>
        ${t("place.go")}
      </button>
      <span class="quiet why">${t("place.go.why")}</span>`;
  }

  /** Three, two, one: before the session by what is seen, in it by the coach. */
  private counted(): number | null {
    if (this.standIn() !== null || this.over || this.unseen) return null;
    return this.places ? (this.finding?.placed?.count ?? null) : (this.guidance?.countdown ?? null);
  }

  private cue(): string {
    const g = this.guidance;
    const standIn = this.standIn();
    if (standIn !== null) return standIn;
    if (this.places) return this.finding?.line ?? t("place.starting");
    if (g?.question) return g.question.text;
    // From the floor few words can be read: the short form, where what is asked has one.
    const few = this.floor && g?.cue_text != null && g.cue_text === this.shortOf ? this.short : null;
    return few ?? g?.cue_text ?? (this.standing || t("session.ready"));
  }

  private cueLanguage(): string {
    if (this.standIn() !== null) return this.stopped && !this.gone ? language : "en";
    const g = this.guidance;
    if (this.places || g === null) return language;
    return g.question?.language ?? g.cue_language ?? language;
  }

  /** What stands in the place of a cue that holds no longer; null where one does. */
  private standIn(): string | null {
    if (this.over) return null;
    if (this.gone) return this.guidance === null ? "" : t("session.alone");
    if (this.stopped) return t("session.stopped");
    if (!this.connected) return t("session.lost");
    if (this.asks) return t("session.back");
    return null;
  }

  private async look(): Promise<void> {
    this.camera = new Camera(
      this.video,
      (found) => this.found(found),
      (on) => this.lit(on),
      (cause) => this.say(cause),
    );
    try {
      const { exercise, heightM, side } = this.chosen;
      // Without a place to show the coach leads all the same: it says itself what it cannot see.
      const where = placing(exercise.id, heightM * 100, side).then(
        (p) => (this.finding = new Finding(p)),
        () => (this.started = true),
      );
      await Promise.all([where, this.camera.start()]);
    } catch (cause) {
      this.say(cause);
      this.gone = this.stream === null;
      if (this.gone) this.camera?.close();
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
    this.landmarks = found.values;
    if (this.places || this.seeks) this.place(found);
    if (this.places) return;
    if (this.stream === null) void this.open(found);
    else this.stream.landmarks(found.values, found.capturedS, found.people);
  }

  private place(found: Found): void {
    if (this.finding === null) return;
    const aloud = this.finding.take(found);
    const { count, missing, ready } = this.finding.placed ?? { count: null, missing: null, ready: false };
    if (this.places && count !== this.count && count !== null) this.sound.earcon("count");
    // Hidden for a moment while something is missing, a number is not heard twice.
    if (count !== null || missing === null) this.count = count;
    if (aloud !== null) this.tellAloud(aloud, aloud, language);
    this.started ||= ready;
    this.images += 1;
  }

  private async open(found: Found): Promise<void> {
    if (this.opening || this.stopped) return;
    this.opening = true;
    const image = { width_px: found.width, height_px: found.height };
    const phone = { say: (words: string) => (this.standing = words), given_up: () => this.stopped };
    const model = this.camera?.model ?? "full";
    try {
      this.opened =
        this.resumes !== null
          ? await goOn(this.resumes, image)
          : await begun(this.chosen, image, model, phone);
      if (this.opened === null) return this.leave();
    } catch (cause) {
      this.say(cause);
      this.camera?.close();
      this.gone = true;
      return;
    }
    this.stream = new Stream(this.opened.session_id, this.opened.key, {
      view: (view) => this.show(view),
      windows: (edges) => (this.edges = edges),
      told: (decision) => this.tell(decision),
      heard: (connected) => this.heard(connected),
      resumed: () => this.comesBack(),
      over: (complete) => this.isOver(complete),
    });
    if (this.stopped) this.stream.word("stop");
  }

  private heard(connected: boolean): void {
    this.connected = connected;
    if (!connected) this.tellAloud(t("session.lost"), null, "en");
  }

  private seek(): void {
    this.word("pause");
    this.seeks = this.finding !== null;
  }

  private comesBack(): void {
    this.asksHow = true;
    this.tellAloud(t("session.how"), t("session.how"), "en");
  }

  private show(view: View): void {
    this.guidance = view.guidance;
    this.body.show(view, this.landmarks);
    this.trouble = "";
  }

  /** The session is over, or nothing is heard of it any more: what was asked last holds no longer. */
  private isOver(complete: boolean): void {
    this.camera?.stop();
    this.gone = !complete;
    if (this.gone && !this.over) this.tellAloud(t("session.alone"), null, "en");
  }

  private tell(decision: Decision): void {
    if (decision.earcon !== null && !(decision.earcon === "count" && this.unseen)) this.sound.earcon(decision.earcon);
    if (decision.text !== null) {
      [this.shortOf, this.short] = [decision.text, decision.short];
      this.tellAloud(decision.text, decision.short ?? decision.text, decision.language ?? "en");
      if (decision.reasons.some((r) => r.id === KEPT_PRAISE)) this.praise.push(decision.text);
    }
    if (!OVER.includes(decision.phase)) return;
    this.camera?.stop();
    if (decision.phase === "done") {
      clearTimeout(this.onward);
      this.onward = window.setTimeout(() => void this.finish(), ONWARD_AFTER_MS);
    }
  }

  /** The one place that a screen reader reads from; the cue itself is silent. */
  private tellAloud(text: string, spoken: string | null, of: string): void {
    this.caption = text;
    this.captionLanguage = of;
    if (spoken !== null) this.sound.say(spoken, of);
  }

  private told(n: number): void {
    const question = this.guidance?.question;
    if (!question) return;
    if (question.id === "pain") this.painTold = n;
    this.word(question.id, n);
  }

  private digit(n: number): boolean {
    if (!this.guidance?.question || !this.connected) return false;
    this.digits.press(n);
    return true;
  }

  private word(kind: WordKind, value: number | null = null): void {
    if (this.over && kind === "stop") return void this.finish();
    if (this.gone && kind === "stop") return this.leave();
    // A stop in answer to the question how one is says that one is not well.
    if (kind === "stop" && this.asks) {
      value = UNWELL;
      this.unwell = true;
    } else if (LATER.includes(kind) && this.asks) return;
    if (kind === "resume" || kind === "stop") this.asksHow = this.seeks = false;
    if (this.stream !== null) this.stream.word(kind, value);
    else if (kind === "stop") this.stopEarly();
  }

  private command(command: Command): void {
    if (command === "floor") {
      this.floor = !this.floor;
      localStorage.setItem(FLOOR, this.floor ? "1" : "0");
      void this.updateComplete.then(() => this.body.relook());
    } else if (command === "swap") {
      this.mirrorLarge = !this.mirrorLarge;
      localStorage.setItem(MIRROR_LARGE, this.mirrorLarge ? "1" : "0");
    } else {
      this.muted = this.sound.muted = !this.muted;
      if (this.muted) this.sound.quiet();
    }
  }

  /** A stop before the session began: it does not begin, or is stopped as soon as it has. */
  private stopEarly(): void {
    this.stopped = true;
    this.camera?.close();
    if (!this.opening) this.leave();
  }

  /** Out of sight nobody is led: it pauses, and whoever comes back is asked how they are. */
  private readonly looked = (): void => {
    if (!document.hidden || this.stream === null) return;
    this.asksHow = true;
    this.stream.word("pause");
  };

  private readonly lock = (): void => {
    if (document.hidden || !("wakeLock" in navigator)) return;
    navigator.wakeLock.request("screen").then(
      (awake) => {
        if (this.isConnected) this.awake = awake;
        else void awake.release();
      },
      () => {}, // a screen that goes dark is a nuisance, and no reason not to begin
    );
  };

  private leave(): void {
    // A stop that the line could not bring is brought another way: nobody is offered to go on with it.
    if (this.stream?.stopWaits && this.opened !== null)
      void end(this.opened.session_id, this.opened.key).catch(() => undefined);
    this.dispatchEvent(new CustomEvent("left"));
  }

  /** To what was seen; `early`: the person ends it where it is. */
  private async finish(early = false): Promise<void> {
    const opened = this.opened;
    if (opened === null || !(this.over || early)) return;
    clearTimeout(this.onward);
    this.opened = null;
    try {
      await end(opened.session_id, opened.key);
    } catch (cause) {
      this.say(cause);
    }
    const detail: Ended = {
      sessionId: opened.session_id,
      stopped: early || this.guidance?.phase === "stopped",
      screeningNeeded: this.unwell || (this.guidance?.screening_needed ?? false),
      painTold: this.painTold,
      praise: this.praise,
    };
    this.dispatchEvent(new CustomEvent<Ended>("finished", { detail }));
  }
}

function sideName(g: Guidance | null): string {
  return g?.side ? `· ${t(`side.${g.side}`)}` : "";
}
