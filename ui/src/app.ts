// The way through: link → consent → questions → height → today → (place, session, rest)… → after, and
// the history beside it. Whether somebody may be led is asked anew before each session.
import { html, LitElement, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import * as api from "./api";
import "./parts/foot";
import { barred, type Screen, type Section, sections } from "./parts/sections";
import { shut } from "./parts/shut";
import "./screens/after";
import type { Ended } from "./screens/after";
import { chosen, keepRow, restOfRow } from "./screens/chosen";
import { CONSENT_VERSION } from "./screens/consent";
import "./screens/far";
import "./screens/history";
import "./screens/intake";
import { lockStanding } from "./lock";
import * as plans from "./plan";
import "./screens/planned";
import "./screens/questions";
import "./screens/rest";
import "./screens/resume";
import "./screens/session";
import "./screens/tested";
import "./screens/tests";
import * as testing from "./tests";
import "./screens/today";
import type { Routine } from "./screens/today";
import "./screens/week";
import { keep } from "./unkept";
import { t, waitingWords } from "./texts";

@customElement("lw-app")
export class App extends LitElement {
  @state() private screen: Screen = "loading";
  @state() private said = "";
  @state() private person: api.Person | null = null;
  @state() private screening: api.Screening | null = null;
  @state() private exercises: api.Exercise[] = [];
  @state() private past: api.Past[] = [];
  @state() private plan: plans.Plan | null = null;
  @state() private tests: testing.Tests | null = null;
  /** Chosen for oneself today, beside the plan. */
  @state() private own = false;
  @state() private far: api.Exercise | null = null;
  @state() private waiting: Record<string, string> = {};
  @state() private routine: Routine | null = null;
  @state() private at = 0;
  @state() private ended: Ended[] = [];
  /** A session that was left or cut off, and may be gone on with. */
  @state() private offer: api.Unfinished | null = null;
  /** Counts what the person set out for: what is answered late must not lead away from it. */
  private steps = 0;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    void this.enter();
  }

  private enter(): Promise<void> {
    return this.attempt(async () => {
      await api.enter();
      await this.onwards();
    });
  }

  /** Each screen begins at its head, for the eye and for a screen reader. */
  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has("screen") || changed.get("screen") === undefined) return;
    window.scrollTo(0, 0);
    requestAnimationFrame(() => {
      const head = this.querySelector<HTMLElement>("main h1");
      if (head === null || this.screen === "loading") return;
      head.tabIndex = -1;
      head.focus({ preventScroll: true });
      document.title = `${head.textContent?.trim().replace(/\s+/g, " ")} · Lengthwise`;
    });
  }

  protected override render() {
    return html`${barred(this.screen) ? this.bar() : nothing}
      <main @far=${(e: CustomEvent<api.Exercise>) => ([this.far, this.screen] = [e.detail, "far"])}>${this.shown()}</main>
      ${this.screen === "session" ? nothing : html`<lw-foot></lw-foot>`}`;
  }

  private bar() {
    const goes: Record<Section, () => Promise<void>> = {
      today: () => this.onwards(),
      week: () => this.week(),
      tests: () => this.toTests(),
      history: () => this.history(),
    };
    return sections(this.screen, (section) => this.attempt(goes[section]));
  }

  private shown() {
    const again = (): Promise<void> => this.attempt(() => this.onwards());
    switch (this.screen) {
      case "loading":
        return html`<p>${t("app.moment")}</p>`;
      case "locked":
        return html`<lw-lock asks @opened=${() => this.enter()}></lw-lock>`;
      case "shut":
        return shut(this.said, again);
      case "consent":
        return html`<lw-consent @agreed=${() => this.attempt(() => this.agreed())}></lw-consent>`;
      case "questions":
        return html`<lw-questions
          .screening=${this.screening}
          @answered=${(e: CustomEvent<api.Standing>) => this.answered(e.detail)}
        ></lw-questions>`;
      case "height":
        return html`<lw-about
          .heightM=${this.person?.height_m ?? null}
          @told=${(e: CustomEvent<number>) => this.attempt(() => this.tall(e.detail))}
        ></lw-about>`;
      case "today":
        if (this.plan?.today && !this.own) return this.planned(this.plan);
        return html`<lw-today
          .exercises=${this.exercises}
          .first=${this.past.length === 0}
          .planned=${this.plan?.today != null}
          .heightM=${this.person?.height_m ?? 1.7}
          @chosen=${(e: CustomEvent<Routine>) => this.start(e.detail)}
          @height=${() => (this.screen = "height")}
          @intake=${() => this.attempt(() => this.intake())}
          @byplan=${() => (this.own = false)}
        ></lw-today>
        <lw-lock></lw-lock>`;
      case "far":
        return html`<lw-far
          .exercise=${this.far}
          @left=${again}
          @flared=${again}
          @chosen=${(e: CustomEvent<Routine>) => this.start(e.detail)}
        ></lw-far>`;
      case "intake":
        return html`<lw-intake
          .plan=${this.plan}
          @told=${again}
          @left=${again}
        ></lw-intake>`;
      case "week":
        return html`<lw-week
          .plan=${this.plan}
          @stopped=${again}
          @told=${(e: CustomEvent<plans.Plan>) => (this.plan = e.detail)}
          @intake=${() => this.attempt(() => this.intake())}
        ></lw-week>`;
      case "tests":
        return html`<lw-tests
          .shown=${this.tests}
          .pain=${this.plan?.today?.pain ?? null}
          @told=${(e: CustomEvent<testing.Tests>) => (this.tests = e.detail)}
          @today=${again}
          @chosen=${(e: CustomEvent<Routine>) => this.start(e.detail)}
        ></lw-tests>`;
      case "tested":
        return html`<lw-tested
          .ended=${this.ended[0]}
          @tests=${() => this.attempt(() => this.toTests())}
          @left=${again}
        ></lw-tested>`;
      case "resume":
        return html`<lw-resume
          .offer=${this.offer}
          @goon=${(e: CustomEvent<api.Unfinished>) => this.attempt(() => this.goOn(e.detail))}
          @endthere=${(e: CustomEvent<api.Unfinished>) =>
            this.attempt(async () => {
              await api.leaveThere(e.detail.session_id);
              await this.onwards();
            })}
        ></lw-resume>`;
      case "session":
        return html`<lw-session
          .chosen=${chosen(this.routine, this.at, this.person?.height_m ?? 1.7)}
          .resumes=${this.offer?.session_id ?? null}
          .waiting=${this.waiting}
          @finished=${(e: CustomEvent<Ended>) => this.finished(e.detail)}
          @skipped=${() => this.skipped()}
          @left=${() => this.enough()}
        ></lw-session>`;
      case "rest":
        return html`<lw-rest
          .next=${this.routine?.exercises[this.at]}
          .again=${this.at > 0}
          @again=${() => this.attempt(() => this.again())}
          .number=${this.at + 1}
          .of=${this.routine?.exercises.length ?? 1}
          @onward=${() => this.attempt(() => this.next())}
          @enough=${() => this.enough()}
        ></lw-rest>`;
      case "after":
        return html`<lw-after
          .ended=${this.ended}
          .painBefore=${this.routine?.painNow ?? null}
          .planned=${this.routine?.planned ?? false}
          .movement=${this.routine?.movement ?? null}
          @left=${again}
        ></lw-after>
        ${this.ended.some((e) => e.stopped) ? nothing : html`<lw-lock></lw-lock>`}`;
      case "history":
        return html`<lw-history
          .past=${this.past}
          @changed=${() => this.attempt(() => this.changed())}
          @locked=${() => (this.screen = "locked")}
        ></lw-history>`;
    }
  }

  private planned(plan: plans.Plan) {
    return html`<lw-planned
        .plan=${plan}
        .exercises=${this.exercises}
        @told=${(e: CustomEvent<plans.Plan>) => this.attempt(() => this.replanned(e.detail))}
        @chosen=${(e: CustomEvent<Routine>) => this.start(e.detail)}
        @own=${() => (this.own = true)}
        @intake=${() => this.attempt(() => this.intake())}
        @flared=${() => this.attempt(() => this.onwards())}
      ></lw-planned>
      <lw-lock></lw-lock>`;
  }

  /** An answer may open or close exercises as well. */
  private async replanned(plan: plans.Plan): Promise<void> {
    this.plan = plan;
    const step = this.steps;
    const exercises = await api.exercises();
    if (step !== this.steps) return;
    this.exercises = exercises;
    // What was told may be a flare: the safety questions come first then.
    if (exercises.every((e) => e.refusal !== null)) await this.onwards();
  }

  private async week(): Promise<void> {
    const step = ++this.steps;
    const plan = await plans.plan();
    if (step !== this.steps) return;
    this.plan = plan;
    this.screen = "week";
  }

  private async toTests(): Promise<void> {
    const step = ++this.steps;
    // The day is opened first: what it decides may leave tests out.
    const plan = await plans.tellDay({});
    const tests = await testing.tests();
    if (step !== this.steps) return;
    [this.plan, this.tests] = [plan, tests];
    this.screen = "tests";
  }

  private async intake(): Promise<void> {
    const step = ++this.steps;
    const plan = await plans.plan();
    if (step !== this.steps) return;
    this.plan = plan;
    this.screen = "intake";
  }

  /** To the first thing that is still open; to today where nothing is. */
  private async onwards(): Promise<void> {
    const step = ++this.steps;
    await keep();
    if (step !== this.steps) return;
    const [person, screening] = await Promise.all([api.person(), api.screening()]);
    if (step !== this.steps) return;
    [this.person, this.screening] = [person, screening];
    if ((this.person.consented ?? 0) < CONSENT_VERSION) this.screen = "consent";
    else if (this.screening.standing.refusal !== null) this.screen = "questions";
    else if (this.person.height_m === null) this.screen = "height";
    else {
      // The day is opened first: what it decides may leave exercises out.
      const plan = await plans.tellDay({});
      const found = await Promise.all([api.exercises(), api.sessions(), api.words(), api.unfinished()]);
      if (step !== this.steps) return;
      const [exercises, past, words, [offer = null]] = found;
      [this.exercises, this.past, this.offer] = [exercises, past, offer];
      this.waiting = waitingWords(words.waiting);
      this.plan = plan;
      this.own = false;
      this.screen = this.offer === null ? "today" : "resume";
    }
  }

  private agreed = (): Promise<void> => api.consent(CONSENT_VERSION).then(() => this.onwards());

  private async answered(standing: api.Standing): Promise<void> {
    if (this.screening === null) return;
    this.screening = { ...this.screening, standing };
    await this.attempt(() => this.onwards());
  }

  private async tall(heightM: number): Promise<void> {
    await api.keepHeight(heightM);
    await this.onwards();
  }

  private async history(): Promise<void> {
    const step = ++this.steps;
    const past = await api.sessions();
    if (step !== this.steps) return;
    this.past = past;
    this.screen = "history";
  }

  /** Something was deleted: what is left is shown, or the way begins anew. */
  private async changed(): Promise<void> {
    [this.person, this.past] = await Promise.all([api.person(), api.sessions()]);
    if ((this.person.consented ?? 0) < CONSENT_VERSION) await this.onwards();
  }

  private async goOn(offer: api.Unfinished): Promise<void> {
    const exercise = this.exercises.find((e) => e.id === offer.exercise_id);
    if (exercise === undefined) return this.goOnWithTest(offer);
    // The rest of the row, where this page was only loaded anew.
    this.begin({ exercises: restOfRow(exercise, this.exercises), painNow: null });
  }

  private async goOnWithTest(offer: api.Unfinished): Promise<void> {
    const test = (await testing.tests()).tests.find((x) => x.id === offer.exercise_id);
    if (test !== undefined) this.begin({ exercises: [testing.led(test)], painNow: null, test: true });
  }

  private start(routine: Routine): void {
    this.offer = null;
    this.begin(routine);
  }

  private begin(routine: Routine): void {
    this.steps += 1;
    this.routine = routine;
    keepRow(routine.exercises);
    this.at = 0;
    this.ended = [];
    this.screen = "session";
  }

  private finished(ended: Ended): void {
    this.steps += 1;
    // Of a test its result is shown, which one that was begun again has not.
    if (!(ended.anew && this.routine?.test)) this.ended = [...this.ended, ended];
    if (ended.anew) {
      this.screen = "rest";
      return;
    }
    const last = this.at + 1 >= (this.routine?.exercises.length ?? 0);
    if (ended.stopped || last) {
      this.screen = this.routine?.test ? "tested" : "after";
      return;
    }
    this.at += 1;
    this.screen = "rest";
  }

  /** The next exercise, where the person may still be led through it. */
  private async next(): Promise<void> {
    const step = ++this.steps;
    const wanted = this.routine?.exercises[this.at];
    const now = (await api.exercises()).find((e) => e.id === wanted?.id);
    if (step !== this.steps) return;
    if (now === undefined || now.refusal !== null) await this.onwards();
    else this.screen = "session";
  }

  /** The one before it once more, where there was one. */
  private async again(): Promise<void> {
    this.at = Math.max(this.at - 1, 0);
    await this.next();
  }

  /** Left out before it began. */
  private skipped(): void {
    if (this.at + 1 >= (this.routine?.exercises.length ?? 0)) return this.enough();
    this.steps += 1;
    this.at += 1;
    this.screen = "rest";
  }

  private enough(): void {
    this.steps += 1;
    if (this.routine?.test && this.ended.length === 0) void this.attempt(() => this.toTests());
    else if (this.ended.length > 0) this.screen = "after";
    else void this.attempt(() => this.onwards());
  }

  private async attempt(what: () => Promise<void>): Promise<void> {
    try {
      await what();
    } catch (cause) {
      this.said = cause instanceof api.RefusedError ? cause.message : String(cause);
      const locked = await lockStanding().catch(() => null);
      this.screen = locked?.locked ? "locked" : "shut";
    }
  }
}
