// One exercise: find the place before the camera, then be led. One instruction, one number, one
// picture. Space stops.
import { LitElement } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { end, goOn, type Opened, placing, RefusedError } from "../api";
import type { Body } from "../body/view";
import type { Found } from "../camera";
import { type Command, Digits, listen } from "../keys";
import { drawOverlay } from "../overlay";
import { Stream } from "../stream";
import { language, type Refusal, refusedWords, t } from "../texts";
import { openedAs, remember, rememberOpening } from "../unkept";
import type { Decision, Guidance, RampView, View, WindowEdges, WordKind } from "../wire";
import type { Ended } from "./after";
import { Awake } from "./awake";
import { Away } from "./away";
import { begun } from "./begun";
import type { Chosen } from "./chosen";
import { Eyes, wordsOf } from "./eyes";
import { Finding } from "./finding";
import { Counting, type Shortened, STOPS, unseen } from "./instruction";
import { Seeking } from "./seeking";
import { type Shown, shown } from "./shown";
import { Stopping } from "./stopping";
import { Switches } from "./switches";
import { Voice } from "./voice";

const OVER = ["done", "stopped"];
const ONWARD_AFTER_MS = 4000;
const KEPT_PRAISE = "hold.kept";
const UNWELL = 1;
/** Words that wait until somebody who comes back has said how they are. */
const LATER: WordKind[] = ["skip", "repeat", "first_resistance", "tolerance"];

@customElement("lw-session")
export class Session extends LitElement implements Shown {
  @property({ attribute: false }) chosen!: Chosen;
  @property({ attribute: false }) waiting: Record<string, string> = {};
  /** Id of the session that is gone on with; null: a new one begins. */
  @property({ attribute: false }) resumes: string | null = null;
  @state() guidance: Guidance | null = null;
  ramp: RampView | null = null;
  @state() edges: WindowEdges[] = [];
  @state() finding: Finding | null = null;
  @state() connected = true;
  @state() gone = false;
  @state() stopped = false;
  @state() standing = "";
  @state() trouble = "";
  @state() waits = false;
  @state() private asksHow = false;
  @state() private started = false;
  @query("video") private video!: HTMLVideoElement;
  @query(".mirror canvas") private canvas!: HTMLCanvasElement;
  @query("lw-body") body!: Body;
  opened: Opened | null = null;
  shortened: Shortened | null = null;
  readonly counting = new Counting();
  readonly awake = new Awake(this);
  readonly switches = new Switches(this);
  readonly seeking = new Seeking(this);
  readonly eyes = new Eyes(this, {
    found: (found) => this.found(found),
    lit: (on) => this.lit(on),
    taken: () => this.taken(),
    trouble: (cause) => (cause === null ? void this.seeAgain() : (this.trouble = wordsOf(cause))),
  });
  readonly stopping = new Stopping(this, () => this.stopWaits());
  stream: Stream | null = null;
  private landmarks: Float32Array | null = null;
  private opening = false;
  private count: number | null = null;
  private painTold: number | null = null;
  private unwell = false;
  private readonly praise: string[] = [];
  readonly voice = new Voice(this);
  readonly away: Away = new Away(this, this);
  private readonly digits = new Digits((n) => this.told(n));
  private deaf: () => void = () => {};
  private onward = 0;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    this.deaf = listen({
      word: (kind) => this.word(kind),
      command: (command) => this.command(command),
      digit: (n) => this.digit(n),
    });
    this.voice.wake();
    document.body.classList.add("in-session");
    void this.look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.deaf();
    this.digits.clear();
    clearTimeout(this.onward);
    this.stopping.close();
    document.body.classList.remove("in-session", "floor");
    this.eyes.close();
    this.stream?.close();
    this.voice.close();
  }

  get over(): boolean {
    return this.guidance !== null && OVER.includes(this.guidance.phase);
  }

  get asks(): boolean {
    return this.asksHow && this.led && !this.over && this.seeking.way === null;
  }

  /** Whether what was shown last still holds: it is heard, seen, and nobody has stopped it. */
  get led(): boolean {
    return this.connected && !this.stopping.unkept && !this.gone && !this.stopped && this.eyes.blind === "";
  }

  get places(): boolean {
    return !this.started && !this.gone && !this.stopped;
  }

  get begun(): boolean {
    return this.stream !== null;
  }

  get floor(): boolean {
    return this.switches.floor;
  }

  protected override render() {
    document.body.classList.toggle("floor", this.floor);
    return shown(this);
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

  async seeAgain(): Promise<void> {
    if (this.stopped || this.gone || this.over) return;
    await this.eyes.open(this.video);
  }

  /** Unseen nobody is led: it pauses, and whoever is seen again is asked how they are. */
  private taken(): void {
    if (this.over || this.stream === null) return;
    this.asksHow = true;
    this.stream.word("pause");
    this.voice.tell(t("camera.blind"), t("camera.blind"), language);
  }

  private lit(on: boolean): void {
    if (!on) this.canvas.getContext("2d")?.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  private found(found: Found): void {
    this.canvas.width = found.width;
    this.canvas.height = found.height;
    drawOverlay(this.canvas, found.values, getComputedStyle(this).getPropertyValue("--in-window"));
    this.landmarks = found.values;
    this.away.look(found.people > 0);
    if (this.places || this.seeking.way === "place") this.place(found);
    if (this.places) return;
    if (this.stream !== null) this.stream.landmarks(found.values, found.capturedS, found.people);
    else if (this.eyes.camera?.settled) void this.open(found);
  }

  private place(found: Found): void {
    if (this.finding === null) return;
    const aloud = this.finding.take(found, this.waits && this.places);
    const { count, missing, ready } = this.finding.placed ?? { count: null, missing: null, ready: false };
    if (this.places && count !== this.count && count !== null) this.voice.earcon("count");
    // Hidden for a moment while something is missing, a number is not heard twice.
    if (count !== null || missing === null) this.count = count;
    if (aloud !== null) this.voice.tell(aloud, aloud, language);
    this.started ||= ready;
    this.requestUpdate();
  }

  private async open(found: Found): Promise<void> {
    if (this.opening || this.stopped) return;
    this.opening = true;
    const image = { width_px: found.width, height_px: found.height };
    const phone = { say: (words: string) => (this.standing = words), givenUp: () => this.stopped };
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
      this.trouble = wordsOf(cause);
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
      over: (complete, why) => this.isOver(complete, why),
      stopKept: () => this.stopping.kept(),
    });
    if (this.stopped) this.sayStop(null);
    else if (this.eyes.blind) this.taken();
  }

  private heard(connected: boolean): void {
    this.connected = connected;
    this.sing();
    if (!connected && this.stream?.stopWaits) this.stopping.waits();
    else if (!connected) this.voice.tell(t("session.lost"), null, "en");
  }

  go(): void {
    this.started = true;
  }

  /** There is a session that is heard, to rest from. */
  get leads(): boolean {
    return this.begun && this.connected && !this.over && !this.gone && !this.stopped && !this.stopping.unkept;
  }

  readonly anew = (): void => void this.finish(true, !this.over);

  private comesBack(): void {
    this.asksHow = true;
    this.voice.tell(t("session.how"), t("session.how"), "en");
  }

  private show(view: View): void {
    [this.guidance, this.ramp] = [view.guidance, view.ramp];
    this.counting.take(view.guidance?.countdown ?? null, view.t_s);
    this.body.show(view, this.landmarks);
    this.sing();
    this.trouble = "";
    // What was decided last may have been lost with the connection; what is shown is not.
    if (this.guidance?.phase === "done") this.ends();
  }

  /** The session is over, or nothing is heard of it any more: what was asked last holds no longer. */
  private isOver(complete: boolean, why: Refusal | null): void {
    this.trouble = why === null ? "" : refusedWords(why);
    this.eyes.stop();
    this.stopping.keeps();
    this.gone = !complete;
    if (this.gone && !this.over) this.voice.tell(t("session.alone"), null, "en");
  }

  private tell(decision: Decision): void {
    if (decision.kind === "ease") {
      this.body?.ease();
      this.voice.ease();
      this.sing();
    }
    if (decision.earcon !== null && !(decision.earcon === "count" && unseen(this))) this.voice.earcon(decision.earcon);
    if (decision.text !== null) {
      this.shortened = { of: decision.text, short: decision.short, again: STOPS.again(decision) };
      this.voice.tell(decision.text, decision.short ?? decision.text, decision.language ?? "en");
      if (decision.reasons.some((r) => r.id === KEPT_PRAISE)) this.praise.push(decision.text);
    } else if (decision.phase === "paused") this.voice.passed();
    if (decision.phase === "done") this.ends();
    else if (OVER.includes(decision.phase)) this.eyes.stop();
  }

  private ends(): void {
    this.eyes.stop();
    this.onward ||= window.setTimeout(() => void this.finish(), ONWARD_AFTER_MS);
  }

  told(n: number): void {
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

  word(kind: WordKind, value: number | null = null): void {
    this.away.look(true);
    if (this.over && kind === "stop") return void this.finish();
    if (this.gone && kind === "stop") return this.leave();
    // A stop in answer to the question how one is says that one is not well.
    if (kind === "stop" && this.asks) {
      value = UNWELL;
      this.unwell = true;
    } else if (LATER.includes(kind) && (this.asks || this.seeking.way !== null)) return;
    if (kind === "resume" && this.seeking.way !== null) return this.seeking.ask(null);
    if (kind === "resume" || kind === "stop") this.asksHow = false;
    if (kind === "stop") this.seeking.ask(null);
    if (this.stream === null) return this.beforehand(kind);
    if (kind === "stop") this.sayStop(value);
    else this.stream.word(kind, value);
  }

  /** Remembered before it is said: whatever becomes of the line or the page, it is kept. */
  private sayStop(value: number | null): void {
    if (this.opened !== null) remember(this.opened.session_id, value === UNWELL);
    this.stream?.word("stop", value);
    if (this.opened === null) return;
    this.stopping.said(this.connected);
  }

  private stopWaits(): void {
    this.sing();
    this.eyes.stop();
    this.voice.tell(t("stop.waits"), t("stop.waits"), "en");
  }

  command(command: Command): void {
    this.switches.turn(command);
    if (command === "floor") void this.updateComplete.then(() => this.body.relook());
    if (command === "sound") this.voice.mute(this.switches.muted);
    if (command === "sound" || command === "tone") this.sing();
  }

  /** The position as a tone, of what is known and heard now. */
  private sing(): void {
    const g = this.guidance;
    const holds = this.switches.tone && this.led && !this.over && !this.asks;
    this.voice.sing(g, this.body?.aimed(g?.side ?? null).edges ?? null, holds);
  }

  /** Before anybody is led: stop, wait, go on, or leave this one out. */
  private beforehand(kind: WordKind): void {
    if (kind === "stop") this.stopEarly();
    else if (kind === "skip" && this.places && this.chosen.of > 1) this.dispatchEvent(new CustomEvent("skipped"));
    else if (this.places) this.waits = kind === "pause";
  }

  /** A stop before the session began: it does not begin, or is stopped as soon as it has. */
  private stopEarly(): void {
    this.stopped = true;
    this.eyes.close();
    if (!this.opening) this.leave();
    else if (this.resumes !== null) remember(this.resumes, false);
    else rememberOpening();
  }

  rests(): void {
    if (this.stream === null || this.over) return;
    this.asksHow = true;
    this.stream.word("pause");
  }

  get looks(): boolean {
    return this.eyes.light && this.finding?.placing.parts.length !== 0;
  }

  leaves(): void {
    this.eyes.rest(t("camera.nobody"));
  }

  leave(): void {
    if (this.opened !== null) this.stopping.left(this.opened);
    this.dispatchEvent(new CustomEvent("left"));
  }

  /** To what was seen; `early`: the person ends it where it is; `anew`: and begins it again. */
  async finish(early = false, anew = false): Promise<void> {
    const opened = this.opened;
    if (opened === null || !(this.over || early)) return;
    clearTimeout(this.onward);
    this.opened = null;
    try {
      await end(opened.session_id, opened.key);
    } catch (cause) {
      this.trouble = wordsOf(cause);
    }
    const detail: Ended = {
      sessionId: opened.session_id,
      anew,
      stopped: (early && !anew) || this.guidance?.phase === "stopped",
      screeningNeeded: this.unwell || (this.guidance?.screening_needed ?? false),
      painTold: this.painTold,
      praise: this.praise,
    };
    this.dispatchEvent(new CustomEvent<Ended>("finished", { detail }));
  }
}
