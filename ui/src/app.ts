// The way through: link → consent → questions → today → session → after.
import { html, LitElement, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import * as api from "./api";
import { lockStanding } from "./lock";
import "./screens/questions";
import "./screens/session";
import "./screens/today";
import type { Chosen } from "./screens/today";

type Screen = "loading" | "locked" | "consent" | "questions" | "today" | "session" | "after" | "shut";

@customElement("lw-app")
export class App extends LitElement {
  @state() private screen: Screen = "loading";
  @state() private said = "";
  @state() private screening: api.Screening | null = null;
  @state() private exercises: api.Exercise[] = [];
  @state() private history: api.Totals[] = [];
  @state() private chosen: Chosen | null = null;
  @state() private totals: api.Totals | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    void this.begin();
  }

  private begin(): Promise<void> {
    return this.attempt(async () => {
      await api.enter();
      this.screening = await api.screening();
      this.screen = localStorage.getItem("consent") === "1" ? "questions" : "consent";
      await this.onwards();
    });
  }

  protected override render() {
    return html`<main>${this.shown()}</main>`;
  }

  private shown() {
    switch (this.screen) {
      case "loading":
        return html`<p>One moment.</p>`;
      case "locked":
        return html`<lw-lock asks @opened=${() => this.begin()}></lw-lock>`;
      case "shut":
        return html`<section role="alert"><h1>Not now</h1><p>${this.said}</p></section>`;
      case "consent":
        return this.consent();
      case "questions":
        return html`<lw-questions
          .screening=${this.screening}
          @answered=${(e: CustomEvent<api.Standing>) => this.answered(e.detail)}
        ></lw-questions>`;
      case "today":
        return html`<lw-today
          .exercises=${this.exercises}
          .history=${this.history}
          @chosen=${(e: CustomEvent<Chosen>) => this.start(e.detail)}
        ></lw-today>
        <lw-lock></lw-lock>`;
      case "session":
        return html`<lw-session
          .chosen=${this.chosen}
          @finished=${(e: CustomEvent<api.Totals>) => this.finished(e.detail)}
          @left=${() => this.attempt(() => this.onwards())}
        ></lw-session>`;
      case "after":
        return this.summary();
    }
  }

  private consent() {
    return html`<section>
      <h1>Lengthwise</h1>
      <p>
        It looks at you through the camera of this machine, and tells which muscle a stretch lengthens,
        how far, and what it cannot see.
      </p>
      <ul>
        <li>Images never leave this page. Only the places of your joints go to the program on this machine.</li>
        <li>
          Nothing leaves this machine. What is recorded lies in your own folder, and you can delete it. Until you
          choose a passphrase, whoever uses this account can read it.
        </li>
        <li>It is no medical device, and it does not promise less pain.</li>
        <li>You can stop at any moment, with the space bar.</li>
      </ul>
      <button
        @click=${() => {
          localStorage.setItem("consent", "1");
          this.screen = "questions";
        }}
      >
        I understand, go on
      </button>
    </section>`;
  }

  private summary() {
    const t = this.totals;
    if (t === null) return nothing;
    const counted = t.effective_s === null ? null : Math.round(t.effective_s);
    return html`<section>
      <h1>${this.chosen?.exercise.plain_name}</h1>
      ${counted === null ? nothing : html`<p class="big">${counted} seconds that count</p>`}
      ${
        t.uncertain_s
          ? html`<p>${Math.round(t.uncertain_s)} seconds more that could not be known.</p>`
          : nothing
      }
      <p>
        <a href=${`/api/sessions/${t.session_id}/report`} target="_blank" rel="noopener"
          >What was seen, and what was not</a
        >
      </p>
      <button @click=${() => this.attempt(() => this.onwards())}>Back to today</button>
    </section>
    <lw-lock></lw-lock>`;
  }

  private async answered(standing: api.Standing): Promise<void> {
    if (this.screening === null) return;
    this.screening = { ...this.screening, standing };
    await this.attempt(() => this.onwards());
  }

  /** To today where the person may be led; else the questions stay. */
  private async onwards(): Promise<void> {
    if (this.screen === "consent") return;
    this.screening = await api.screening();
    if (this.screening.standing.refusal !== null) {
      this.screen = "questions";
      return;
    }
    [this.exercises, this.history] = await Promise.all([api.exercises(), api.sessions()]);
    this.screen = "today";
  }

  private start(chosen: Chosen): void {
    this.chosen = chosen;
    this.screen = "session";
  }

  private finished(totals: api.Totals): void {
    this.totals = totals;
    this.screen = "after";
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
