// Today by the plan: what it is for, how the back is, what comes and why, and one button to begin.
import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { type Exercise, RefusedError } from "../api";
import { findFar } from "../parts/find-far";
import { reasons } from "../parts/reasons";
import "../parts/devices";
import "../parts/phone";
import "../parts/scale";
import {
  APART,
  type Apart,
  type Change,
  DAILY,
  given,
  heldBack,
  type Item,
  ledSide,
  left,
  type Looked,
  type Plan,
  type Question,
  type Said,
  tellDay,
  tellFlare,
  tellLooked,
  type TodayPlan,
  toggled,
  wish,
} from "../plan";
import { t, tn } from "../texts";
import { inEnglish } from "../texts/in-english";
import { anyEnglish, capital, named, said } from "../texts/said";
import type { Routine } from "./today";

const CHANGES: Change[] = ["better", "same", "worse"];

@customElement("lw-planned")
export class Planned extends LitElement {
  @property({ attribute: false }) plan!: Plan;
  @property({ attribute: false }) exercises: Exercise[] = [];
  @state() private one = false;
  @state() private answers: Record<string, string> = {};
  @state() private asksFlare = false;
  @state() private resting = false;
  @state() private said = "";
  /** Pain now, where it was said after a session of today and is none of the day's. */
  @state() private pain: number | null = null;
  @state() private moved: number | null = null;
  private telling: Promise<void> = Promise.resolve();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    const today = this.plan.today;
    if (today === null) return nothing;
    if (this.resting)
      return html`<section class="narrow">
        <h1>${t("today.not")}</h1>
        <p class="lead">${t("today.rest")}</p>
        <button @click=${() => (this.resting = false)}>${t("today.back")}</button>
      </section>`;
    const { activity = "" } = this.plan.intake ?? {};
    return html`<section class="planned">
      <header>
        <h1>${t("today.title")}</h1>
        ${activity ? html`<p class="goal">${t("plan.for")} <strong>${activity}</strong></p>` : nothing}
      </header>
      <div class="asks">
        <lw-scale
          name="pain-before"
          .label=${t("pain.now")}
          .value=${this.pain ?? today.pain}
          @chosen=${(e: CustomEvent<number>) => {
            this.pain = e.detail;
            void this.tell({ pain: e.detail });
          }}
        ></lw-scale>
        ${this.movement()} ${this.checkIn(today)} ${this.daily(today)} ${this.apart(today)} ${today.held ? this.held() : nothing}
        ${this.said ? html`<p class="trouble" role="alert">${this.said}</p>` : nothing}
      </div>
      <div class="items">${this.decided(today)} ${this.items(today)}</div>
      <div class="acts">${this.begin(today)} ${this.flare(today)}</div>
      <div class="more">${this.more(today)}</div>
    </section>`;
  }

  /** The person's own painful movement, once before and once after; it may be left out. */
  private movement() {
    const { movement = "" } = this.plan.intake ?? {};
    if (movement === "" || given(this.plan.today as TodayPlan).length === 0) return nothing;
    return html`<details class="own-movement" ?open=${this.moved !== null}>
      <summary>${t("plan.movement")} <strong>${movement}</strong></summary>
      <lw-scale
        name="movement-before"
        .label=${t("plan.movement.ask")}
        .value=${this.moved}
        @chosen=${(e: CustomEvent<number>) => (this.moved = e.detail)}
      ></lw-scale>
    </details>`;
  }

  /** One tap on a later day: against what is usual. */
  private checkIn(today: TodayPlan) {
    if (!today.check_in && today.change === null) return nothing;
    const lost = today.change === "worse" && today.activity_lost === null;
    return html`<fieldset class="question check-in">
        <legend>${t("plan.since")}</legend>
        <div class="choice">
          ${CHANGES.map(
            (c) => html`<label
              ><input
                type="radio"
                name="change"
                value=${c}
                .checked=${today.change === c}
                @change=${() => this.tell({ change: c })}
              /><span>${t(`plan.${c}`)}</span></label
            >`,
          )}
        </div>
      </fieldset>
      ${
        lost
          ? html`<fieldset class="question">
              <legend>${t("plan.lost")}</legend>
              <div class="choice">
                ${[false, true].map(
                  (value) => html`<label
                    ><input
                      type="radio"
                      name="lost"
                      value=${String(value)}
                      @change=${() => this.tell({ activity_lost: value })}
                    /><span>${t(value ? "intake.yes" : "intake.no")}</span></label
                  >`,
                )}
              </div>
            </fieldset>`
          : nothing
      }`;
  }

  /** Three questions of the day: one tap says none of them, else each is answered by itself. */
  private daily(today: TodayPlan) {
    const open = this.plan.questions.filter((q) => DAILY.includes(q.name) && today.questions.includes(q.name));
    const over = today.questions.some((name) => !DAILY.includes(name));
    return html`${
      open.length === 0
        ? nothing
        : html`<section class="note daily" aria-labelledby="daily">
            <h2 id="daily" class="first">${t("plan.daily")}</h2>
            <p class="quiet">${t("plan.daily.why")}</p>
            ${this.one ? open.map((q) => this.question(q)) : html`<ul lang="en">${open.map((q) => html`<li>${q.ask}</li>`)}</ul>`}
            ${inEnglish()}
            <div class="begin">
              ${
                this.one
                  ? nothing
                  : html`<button data-none @click=${() => this.tell({ answers: none(open) })}>${t("plan.none")}</button>
                      <button class="quiet" @click=${() => (this.one = true)}>${t("plan.some")}</button>`
              }
            </div>
          </section>`
    }
    ${over ? html`<p class="note">${t("plan.over")} <button class="link" @click=${() => this.go("intake")}>${t("plan.goesBy")}</button></p>` : nothing}`;
  }

  /** One tap, or none: what sets the day apart. It can only take a little away. */
  private apart(today: TodayPlan) {
    if (given(today).length === 0) return nothing;
    const told = today.apart ?? null;
    const tap = (apart: Apart[]) => () => this.tell({ apart });
    return html`<fieldset class="question apart">
      <legend>${t("plan.apart")}</legend>
      <div class="choice">
        <label
          ><input type="checkbox" name="apart-none" .checked=${live(told?.length === 0)} @change=${tap([])} /><span
            >${t("plan.apart.none")}</span
          ></label
        >
        ${APART.map(
          (a) => html`<label
            ><input
              type="checkbox"
              name=${`apart-${a}`}
              .checked=${told?.includes(a) ?? false}
              @change=${tap(toggled(APART, told ?? [], a))}
            /><span>${t(`plan.apart.${a}`)}</span></label
          >`,
        )}
      </div>
      <small>${t("plan.apart.note")}</small>
    </fieldset>`;
  }

  private question(q: Question) {
    return html`<fieldset class="question">
      <legend lang="en">${q.ask}</legend>
      <div class="choice" lang="en">
        ${Object.entries(q.options).map(
          ([value, means]) => html`<label
            ><input
              type="radio"
              name=${q.name}
              value=${value}
              .checked=${this.answers[q.name] === value}
              @change=${() => this.answer(q.name, value)}
            /><span>${value === "yes" || value === "no" ? t(`intake.${value}`) : capital(means)}</span></label
          >`,
        )}
      </div>
    </fieldset>`;
  }

  private answer(name: string, value: string): void {
    this.answers = { ...this.answers, [name]: value };
    void this.tell({ answers: { [name]: value } });
  }

  private held() {
    return html`<form
      class="note"
      @submit=${(e: SubmitEvent) => {
        e.preventDefault();
        const who = this.querySelector<HTMLInputElement>("input[name=who]")?.value ?? "";
        void this.kept(() => tellLooked(who));
      }}
    >
      <p lang="en">${t("plan.held")}</p>
      ${inEnglish()}
      <label class="field"><span>${t("plan.who")}</span><input type="text" name="who" maxlength="100" required /></label>
      <div class="begin"><button type="submit">${t("plan.looked")}</button></div>
    </form>`;
  }

  private decided(today: TodayPlan) {
    const { move, reason, would_change, words } = today.decided;
    return html`<div class="decided">
      <p data-move=${move}><strong>${said(reason)}</strong></p>
      ${anyEnglish([reason]) ? inEnglish("short") : nothing}
      <details>
        <summary>${t("plan.why")}</summary>
        ${reasons(would_change, words)}
      </details>
      ${(today.lessened ?? []).map((found) => this.because(found))}
      ${today.looked_back ? this.because(today.looked_back) : nothing}
    </div>`;
  }

  private because(found: Looked) {
    return html`<p data-action=${found.action}><strong>${said(found.reason)}</strong></p>
      <details>
        <summary>${t("plan.why")}</summary>
        ${reasons(found.would_change, found)}
      </details>`;
  }

  private items(today: TodayPlan) {
    if (today.items.length === 0) return html`<p class="fog">${t(today.planned ? "plan.nothing" : "plan.empty")}</p>`;
    return html`${today.day_off ? html`<p class="lead">${t("plan.dayOff")}</p>` : nothing}
      <ol class="queue">
        ${given(today).map((item) => this.item(item))}
      </ol>
      ${[...heldBack(today)].map(
        ([reason, items]) => html`<div class="fog not-now">
          <p><strong>${t("plan.notNow")}</strong> ${items.map((i) => named(i.plain_name)).join(" · ")}</p>
          <p>${said(reason)}</p>
          ${anyEnglish([reason]) ? inEnglish("short") : nothing}
        </div>`,
      )}`;
  }

  private item(item: Item) {
    const sides = item.sides.length === 2 ? t("today.both") : item.sides.map((s) => t(`side.${s}`)).join();
    const wished = (wanted: string) => () => this.kept(() => wish(item.exercise_id, wanted));
    const rests = item.purpose === "rest";
    const choose = html`<div class="begin">
      <button aria-pressed=${item.liked} @click=${wished(item.liked ? "as_it_comes" : "like")}>
        ${t(rests ? "plan.eases" : "plan.like")}
      </button>
      <button @click=${wished("leave_out")}>${t(rests ? "plan.easesNot" : "plan.leaveOut")}</button>
    </div>`;
    const facts = item.done ? t("plan.done") : `${t("today.minutes", { n: minutes(item.takes_s) })}${sides ? ` · ${sides}` : ""}`;
    return html`<li data-id=${item.exercise_id} data-done=${item.done}>
      <span class="what"><strong>${said(item.plain_name)}</strong><small>${said(item.name)}</small></span>
      <small class="facts">${facts}</small>
      <p class="because">${said(item.why)}</p>
      ${findFar(this, this.exercises.find((e) => e.id === item.exercise_id))}
      <details>
        <summary aria-label=${t("plan.why.of", { name: named(item.plain_name) })}>${t("plan.why")}</summary>
        ${reasons(item.would_change, item.words)} ${rests ? nothing : choose}
      </details>
      ${rests ? choose : nothing}
    </li>`;
  }

  private begin(today: TodayPlan) {
    const chosen = this.chosen(today);
    const took = minutes(chosen.reduce((sum, [item]) => sum + item.takes_s, 0));
    return html`<div class="begin">
      <button class="main" ?disabled=${chosen.length === 0} @click=${() => this.start(today)}>${t("today.start")}</button>
      <button class="quiet" @click=${() => (this.resting = true)}>${t("today.not")}</button>
      ${
        chosen.length === 0
          ? given(today).length > 0
            ? html`<span class="quiet">${t("plan.allDone")}</span>`
            : nothing
          : html`<span class="quiet">${tn("today.total", chosen.length, { n: took, k: chosen.length })}</span>`
      }
    </div>`;
  }

  private flare(today: TodayPlan) {
    if (today.easy) return html`<div class="note"><p lang="en">${t("plan.easy")}</p>${inEnglish()}</div>`;
    if (!this.asksFlare)
      return html`<p><button class="warm flare" @click=${() => (this.asksFlare = true)}>${t("plan.flare")}</button></p>`;
    return html`<div class="note" role="group" aria-labelledby="flare">
      <p id="flare" lang="en">${t("plan.flare.sure")}</p>
      ${inEnglish()}
      <div class="begin">
        <button class="warm" data-flare @click=${() => this.flares()}>${t("plan.flare.yes")}</button>
        <button @click=${() => (this.asksFlare = false)}>${t("plan.flare.no")}</button>
      </div>
    </div>`;
  }

  private more(today: TodayPlan) {
    const first = left(today)[0]?.exercise_id ?? "";
    return html`<lw-phone .exercise=${first}></lw-phone>
      <lw-devices></lw-devices>
      <p class="person">
        ${
          today.held
            ? nothing
            : html`<button class="link" @click=${() => this.go("own")}>${t("plan.own")}</button>`
        }
        <button class="link" @click=${() => this.go("intake")}>${t("plan.goesBy")}</button>
      </p>`;
  }

  private chosen(today: TodayPlan): [Item, Exercise][] {
    return left(today).flatMap((item) =>
      this.exercises
        .filter((e) => e.id === item.exercise_id && e.refusal === null)
        .map((e): [Item, Exercise] => [item, e]),
    );
  }

  private start(today: TodayPlan): void {
    const chosen = this.chosen(today);
    const detail: Routine = {
      exercises: chosen.map(([, e]) => e),
      sides: Object.fromEntries(chosen.map(([item, e]) => [e.id, ledSide(item)])),
      painNow: this.pain ?? today.pain,
      planned: true,
      ...(this.plan.intake?.movement ? { movement: { says: this.plan.intake.movement, before: this.moved } } : {}),
    };
    this.dispatchEvent(new CustomEvent<Routine>("chosen", { detail }));
  }

  private async flares(): Promise<void> {
    this.asksFlare = false;
    await this.kept(() => tellFlare());
    if (this.said === "") this.go("flared");
  }

  private go(where: "own" | "intake" | "flared"): void {
    this.dispatchEvent(new CustomEvent(where));
  }

  private tell(said: Said): Promise<void> {
    return this.kept(() => tellDay(said));
  }

  /** One after the other: what is said last is what is shown. */
  private async kept(what: () => Promise<Plan>): Promise<void> {
    this.said = "";
    this.telling = this.telling.then(async () => {
      try {
        const detail = await what();
        this.dispatchEvent(new CustomEvent<Plan>("told", { detail }));
      } catch (cause) {
        this.said = cause instanceof RefusedError ? cause.message : String(cause);
      }
    });
    await this.telling;
  }
}

function minutes(seconds: number): number {
  return Math.max(1, Math.round(seconds / 60));
}

function none(open: Question[]): Record<string, string> {
  return Object.fromEntries(open.map((q) => [q.name, "no"]));
}
