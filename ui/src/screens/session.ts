// One exercise: find the place before the camera, then be led. One instruction, one number, one
// picture. Space stops.
import { html, LitElement, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { end, type Exercise, goOn, type Opened, placing, RefusedError } from "../api";
import "../body/view";
import type { Body } from "../body/view";
import { CannotSeeError, type Found } from "../camera";
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
import { Heeding } from "../tone";
import { forget, keep, openedAs, remember, rememberOpening } from "../unkept";
import type { Decision, Guidance, View, WindowEdges, WordKind } from "../wire";
import type { Ended } from "./after";
import { begun } from "./begun";
import { Eyes } from "./eyes";
import { beside, Finding } from "./finding";
import { scale, stop, tool, words } from "./hands";
import { leading } from "./leading";

const OVER = ["done", "stopped"];
const ONWARD_AFTER_MS = 4000;
const KEPT_PRAISE = "hold.kept";
const LONG = 60; // letters: a sentence to read, not a word to act on
const UNWELL = 1;
const UNKEPT_AFTER_MS = 800; // a stop is kept within some thousandths of a second
/** Words that wait until somebody who comes back has said how they are. */
const LATER: WordKind[] = ["skip", "repeat", "first_resistance", "tolerance"];
const CANNOT_SEE = /^(not_)?known\./;
const FLOOR = "floor_mode";
const MIRROR_LARGE = "mirror_large";
const NO_GHOST = "no_ghost";
const TONE = "position_tone";

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
  @state() private connected = true;
  @state() private gone = false;
  @state() private stopped = false;
  /** A stop that was said, and that the session is not known to have kept. */
  @state() private unkept = false;
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
  @state() private ghosts = localStorage.getItem(NO_GHOST) !== "1";
  @state() private tone = localStorage.getItem(TONE) === "1";
  @query("video") private video!: HTMLVideoElement;
  @query(".mirror canvas") private canvas!: HTMLCanvasElement;
  @query("lw-body") private body!: Body;
  private readonly eyes = new Eyes(this, {
    found: (found) => this.found(found),
    lit: (on) => this.lit(on),
    taken: () => this.taken(),
    trouble: (cause) => (cause === null ? void this.seeAgain() : this.say(cause)),
  });
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
  private readonly heeding = new Heeding();
  private readonly digits = new Digits((n) => this.told(n));
  private deaf: () => void = () => {};
  private onward = 0;
  private unkeptAfter = 0;
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
    clearTimeout(this.unkeptAfter);
    document.body.classList.remove("in-session", "floor");
    document.removeEventListener("visibilitychange", this.lock);
    document.removeEventListener("visibilitychange", this.looked);
    void this.awake?.release();
    this.eyes.close();
    this.stream?.close();
    this.sound.close();
  }

  private get over(): boolean {
    return this.guidance !== null && OVER.includes(this.guidance.phase);
  }

  /** Whether the person is asked how they are, and nothing goes on before they have said so. */
  private get asks(): boolean {
    const there = this.connected && !this.gone && this.eyes.blind === "";
    return this.asksHow && there && !this.stopped && !this.unkept && !this.over;
  }

  /** Whether the coach says that it cannot see: nothing is counted over that, to the eye or the ear. */
  private get unseen(): boolean {
    return !this.places && CANNOT_SEE.test(this.guidance?.cue_id ?? "");
  }

  /** Whether what was shown last still holds: it is heard, seen, and nobody has stopped it. */
  private get led(): boolean {
    return this.connected && !this.unkept && !this.gone && !this.stopped && this.eyes.blind === "";
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
      data-led=${this.led || this.places || this.over}
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
          ${this.places ? nothing : tool(press, "ghost", t("session.ghost"), "o", this.ghosts)}
          ${tool(press, "tone", t("session.tone"), "h", this.tone)}
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
          .ghosts=${this.ghosts && this.led}
          @make-visible=${() => this.seek()}
        ></lw-body>
        ${this.counted() === null ? nothing : html`<p class="count-over" aria-hidden="true">${this.counted()}</p>`}
        <p class="light" data-on=${this.eyes.light}>
          ${t(this.eyes.light ? "session.camera.on" : "session.camera.off")}
        </p>
      </div>
      <div class="side">
        ${[this.unkept ? t("stop.later") : "", this.eyes.blind, this.trouble].map((said) =>
          said ? html`<p class="trouble" role="alert">${said}</p>` : nothing,
        )}
        ${this.places || this.seeks ? this.placingSide() : this.ledSide()}
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
    if (!this.over && !this.led) return nothing;
    const g = this.guidance;
    const { stretch, edges } = this.body?.aimed(g?.side ?? null) ?? { stretch: false, edges: null };
    if (this.over) return html`<p class="phase">${t(`phase.${g?.phase ?? "done"}`)}</p>`;
    return html`${leading(g, this.waiting, this.chosen.exercise.view, stretch ? { edges } : null)}
      <lw-phone slim .exercise=${this.chosen.exercise.id}></lw-phone>
      <lw-devices slim></lw-devices>
      <lw-second-screen .opened=${this.opened}></lw-second-screen>`;
  }

  private buttons() {
    if (this.over)
      return html`<button class="main" @click=${() => this.finish()}>${t("session.after")}</button>`;
    const say = (kind: WordKind): void => this.word(kind);
    const today = html`<button class=${this.gone || this.unkept ? "main" : ""} @click=${this.leave}>${t("session.today")}</button>`;
    if (this.gone || this.unkept) return today;
    if (!this.connected) return html`${stop(say)} ${today}`;
    if (this.eyes.blind)
      return html`${this.stream === null ? nothing : stop(say)}
        <button class=${this.stream === null ? "main" : ""} @click=${() => this.seeAgain()}>${t("camera.again")}</button> ${today}`;
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
    if (this.standIn() !== null) {
      const own = !this.unkept && !this.gone && (this.stopped || (this.connected && !this.asks));
      return own ? language : "en";
    }
    const g = this.guidance;
    if (this.places || g === null) return language;
    return g.question?.language ?? g.cue_language ?? language;
  }

  /** What stands in the place of a cue that holds no longer; null where one does. */
  private standIn(): string | null {
    if (this.over) return null;
    if (this.unkept) return t("stop.waits");
    if (this.gone) return this.guidance === null ? "" : t("session.alone");
    if (this.stopped) return t("session.stopped");
    if (!this.connected) return t("session.lost");
    if (this.eyes.blind) return t(this.stream === null ? "camera.first" : "camera.blind");
    if (this.places && this.eyes.asking) return t("camera.asks");
    if (this.asks) return t("session.back");
    return null;
  }

  private async look(): Promise<void> {
    const { exercise, heightM, side } = this.chosen;
    // Without a place to show the coach leads all the same: it says itself what it cannot see.
    const where = placing(exercise.id, heightM * 100, side).then(
      (p) => (this.finding = new Finding(p)),
      () => (this.started = true),
    );
    await Promise.all([where, this.eyes.open(this.video)]);
  }

  /** Once more, where it was refused or taken away. */
  private async seeAgain(): Promise<void> {
    if (this.stopped || this.gone || this.over) return;
    await this.eyes.open(this.video);
  }

  /** Unseen nobody is led: it pauses, and whoever is seen again is asked how they are. */
  private taken(): void {
    if (this.over || this.stream === null) return;
    this.asksHow = true;
    this.stream.word("pause");
    this.tellAloud(t("camera.blind"), t("camera.blind"), language);
  }

  private lit(on: boolean): void {
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
    const model = this.eyes.camera?.model ?? "full";
    try {
      this.opened =
        this.resumes !== null
          ? await goOn(this.resumes, image)
          : await begun(this.chosen, image, model, phone);
      openedAs(this.opened?.session_id ?? null);
      if (this.opened === null) return this.leave();
    } catch (cause) {
      if (cause instanceof RefusedError) openedAs(null);
      this.say(cause);
      this.eyes.close();
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
      stopKept: () => this.stopKept(),
    });
    if (this.stopped) this.sayStop(null);
    else if (this.eyes.blind) this.taken();
  }

  private heard(connected: boolean): void {
    this.connected = connected;
    this.sing();
    if (!connected && this.stream?.stopWaits) this.stopWaits();
    else if (!connected) this.tellAloud(t("session.lost"), null, "en");
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
    this.sing();
    this.trouble = "";
  }

  /** The session is over, or nothing is heard of it any more: what was asked last holds no longer. */
  private isOver(complete: boolean): void {
    this.eyes.stop();
    if (this.stream?.stopWaits) void keep().then(() => this.stopKept(), () => undefined);
    this.gone = !complete;
    if (this.gone && !this.over) this.tellAloud(t("session.alone"), null, "en");
  }

  private tell(decision: Decision): void {
    if (decision.kind === "ease") {
      this.body?.ease();
      this.heeding.ease();
      this.sing();
    }
    if (decision.earcon !== null && !(decision.earcon === "count" && this.unseen)) this.sound.earcon(decision.earcon);
    if (decision.text !== null) {
      [this.shortOf, this.short] = [decision.text, decision.short];
      this.tellAloud(decision.text, decision.short ?? decision.text, decision.language ?? "en");
      if (decision.reasons.some((r) => r.id === KEPT_PRAISE)) this.praise.push(decision.text);
    }
    if (!OVER.includes(decision.phase)) return;
    this.eyes.stop();
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
    if (this.stream === null) {
      if (kind === "stop") this.stopEarly();
      return;
    }
    if (kind === "stop") this.sayStop(value);
    else this.stream.word(kind, value);
  }

  /** Remembered before it is said: whatever becomes of the line or the page, it is kept. */
  private sayStop(value: number | null): void {
    if (this.opened !== null) remember(this.opened.session_id, value === UNWELL);
    this.stream?.word("stop", value);
    if (this.opened === null) return;
    if (!this.connected) this.stopWaits();
    clearTimeout(this.unkeptAfter);
    this.unkeptAfter = window.setTimeout(() => this.stopWaits(), UNKEPT_AFTER_MS);
  }

  /** Said, and not kept yet: that is what is shown until it is. */
  private stopWaits(): void {
    if (!this.stream?.stopWaits || this.unkept) return;
    this.unkept = true;
    this.sing();
    this.eyes.stop();
    this.tellAloud(t("stop.waits"), t("stop.waits"), "en");
  }

  private stopKept(): void {
    clearTimeout(this.unkeptAfter);
    this.unkept = false;
    if (this.stream !== null) forget(this.stream.sessionId);
  }

  private command(command: Command): void {
    if (command === "floor") {
      this.floor = !this.floor;
      localStorage.setItem(FLOOR, this.floor ? "1" : "0");
      void this.updateComplete.then(() => this.body.relook());
    } else if (command === "swap") {
      this.mirrorLarge = !this.mirrorLarge;
      localStorage.setItem(MIRROR_LARGE, this.mirrorLarge ? "1" : "0");
    } else if (command === "ghost") {
      this.ghosts = !this.ghosts;
      localStorage.setItem(NO_GHOST, this.ghosts ? "0" : "1");
    } else if (command === "tone") {
      this.tone = !this.tone;
      localStorage.setItem(TONE, this.tone ? "1" : "0");
      this.sing();
    } else {
      this.muted = this.sound.muted = !this.muted;
      if (this.muted) this.sound.quiet();
      this.sing();
    }
  }

  /** The position as a tone, of what is known and heard now. */
  private sing(): void {
    const g = this.guidance;
    const holds = this.tone && this.led && !this.over && !this.asks;
    const now = this.heeding.heard(g, this.body?.aimed(g?.side ?? null).edges ?? null);
    this.sound.position(holds ? now : null);
  }

  /** A stop before the session began: it does not begin, or is stopped as soon as it has. */
  private stopEarly(): void {
    this.stopped = true;
    this.eyes.close();
    if (!this.opening) this.leave();
    else if (this.resumes !== null) remember(this.resumes, false);
    else rememberOpening();
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
    const opened = this.opened;
    if (this.stream?.stopWaits && opened !== null)
      // While the session does not know yet that the line is gone, only its own key ends it.
      void keep()
        .catch(() => end(opened.session_id, opened.key).then(keep))
        .catch(() => undefined);
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
