// The week: seven days, minutes of each muscle between floor and where more brings nothing, what comes
// short and why; and everything that was decided, as a line of time.
import { html, LitElement, nothing, svg } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { RefusedError } from "../api";
import "../parts/breaks";
import "../parts/ladder";
import "../parts/learning";
import { doseRatios, type Kept, type Muscle, type Plan, planHistory, type WeekPlan } from "../plan";
import { language, moment, t } from "../texts";
import { inEnglish } from "../texts/in-english";
import { anyEnglish, named, namedIn, said } from "../texts/said";
import { reasons } from "../parts/reasons";

const SHOWN = 30;

@customElement("lw-week")
export class Week extends LitElement {
  @property({ attribute: false }) plan!: Plan;
  @state() private kept: Kept[] | null = null;
  @state() private sheet = "";
  @state() private said = "";
  @state() private all = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("plan")) void this.look();
  }

  protected override render() {
    const { week, intake } = this.plan;
    return html`<section class="week">
      <h1>${t("week.title")}</h1>
      ${
        intake === null || week === null
          ? html`<p class="lead">${t("week.empty")}</p>
              <button class="main" @click=${() => this.dispatchEvent(new CustomEvent("intake"))}>${t("plan.make")}</button>`
          : html`${this.days(week)} ${this.muscles(week)} ${this.short(week)} ${this.edited(week)} <h2>${t("week.beside")}</h2>
              <lw-learning></lw-learning> <lw-ladder></lw-ladder> <lw-breaks></lw-breaks> ${this.handover()} ${this.time()}`
      }
      ${this.said ? html`<p class="trouble" role="alert">${this.said}</p>` : nothing}
    </section>`;
  }

  private days(week: WeekPlan) {
    return html`<ol class="days">
      ${week.days.map((day) => {
        return html`<li data-today=${day.today} aria-current=${day.today ? "date" : "false"}>
          <strong>${weekday(day.date)}</strong>
          <small>${day.day_off ? t("week.off") : t("today.minutes", { n: Math.round(day.takes_s / 60) })}</small>
          <ul>
            ${day.names.map((name) => html`<li>${said(name)}</li>`)}
          </ul>
        </li>`;
      })}
    </ol>`;
  }

  private muscles(week: WeekPlan) {
    return html`<h2>${t("week.muscles")}</h2>
      ${
        week.muscles.length === 0
          ? html`<p class="fog">${t("week.muscles.none")}</p>`
          : html`<p class="quiet">${t("week.muscles.note")}</p>
              <ul class="doses">
                ${week.muscles.map((m) => this.muscle(m))}
              </ul>`
      }`;
  }

  private muscle(m: Muscle) {
    const { week, floor } = doseRatios(m);
    const [n, low, full] = [m.week_s, m.floor_s, m.full_s].map((s) => (s / 60).toLocaleString(language, { maximumFractionDigits: 1 }));
    return html`<li>
      <span class="what"><strong lang=${namedIn(m.name)}>${named(m.name)}</strong><small lang=${namedIn(m.finding)}>${named(m.finding)}</small></span>
      <svg class="dose" viewBox="0 0 200 14" role="img" aria-label=${t("week.dose", { n: n ?? "", low: low ?? "", full: full ?? "" })}>
        ${svg`<rect class="all" x="0" y="4" width="200" height="6" rx="3"></rect>
          <rect class="got" data-enough=${m.week_s >= m.floor_s} x="0" y="4" width=${200 * week} height="6" rx="3"></rect>
          <line x1=${200 * floor} x2=${200 * floor} y1="0" y2="14"></line>`}
      </svg>
      <span class="figure">${t("week.minutes", { n: n ?? "" })}</span>
    </li>`;
  }

  private short(week: WeekPlan) {
    return html`${
      week.unmet.length === 0
        ? nothing
        : html`<h2>${t("week.unmet")}</h2>
            <ul class="facts-list">${week.unmet.map((u) => html`<li>${said(u)}</li>`)}</ul>`
    }
    ${
      week.bars.length === 0
        ? nothing
        : html`<h2>${t("week.bars")}</h2>
            <ul class="facts-list">${week.bars.map((b) => html`<li>${said(b)}</li>`)}</ul>
            ${anyEnglish(week.bars) ? inEnglish("short") : nothing}`
    }
    ${
      week.open_bars.length === 0
        ? nothing
        : html`<h2>${t("week.open")}</h2>
            <p>
              ${t("week.open.note")}
              <button class="link" @click=${() => this.dispatchEvent(new CustomEvent("intake"))}>${t("plan.goesBy")}</button>
            </p>
            <ul class="facts-list">${week.open_bars.map((b) => html`<li>${said(b)}</li>`)}</ul>
            ${anyEnglish(week.open_bars) ? inEnglish("short") : nothing}`
    }`;
  }

  /** What a clinician has changed of the figures, with the reason that was kept. */
  private edited(week: WeekPlan) {
    if (week.edited.length === 0) return nothing;
    return html`<h2>${t("week.edited")}</h2>
      <ul class="facts-list" lang="en">
        ${week.edited.map((line) => html`<li>${line}</li>`)}
      </ul>
      ${inEnglish("short")}`;
  }

  /** One page to print or to hand on; in clear, and only when it is asked for. */
  private handover() {
    const at = (save: boolean): string => `/api/handover?name=${encodeURIComponent(this.sheet)}${save ? "&save=true" : ""}`;
    return html`<details class="handover">
      <summary>${t("week.handover")}</summary>
      <p class="quiet">${t("week.handover.note")}</p>
      <label class="field"
        ><span>${t("week.handover.name")}</span
        ><input type="text" maxlength="80" autocomplete="off" .value=${this.sheet} @input=${(e: Event) => (this.sheet = (e.target as HTMLInputElement).value)}
      /></label>
      <div class="begin">
        <a class="button" href=${at(false)} target="_blank" rel="noopener">${t("week.handover.open")}</a>
        <a class="button" href=${at(true)} download="handover.html">${t("week.handover.save")}</a>
      </div>
    </details>`;
  }

  private time() {
    const kept = this.kept ?? [];
    const shown = this.all ? kept : kept.slice(0, SHOWN);
    return html`<h2>${t("week.time")}</h2>
      ${this.kept !== null && kept.length === 0 ? html`<p class="quiet">${t("week.time.none")}</p>` : nothing}
      <ol class="timeline">
        ${shown.map(
          (k) => html`<li data-kind=${k.kind} data-action=${k.action}>
            <small>${moment(k.at_utc)}</small>
            <p>${said(k.sentence)}</p>
            <details>
              <summary>${t("plan.why")}</summary>
              ${reasons(k.would_change, k.words)}
            </details>
          </li>`,
        )}
      </ol>
      ${shown.length < kept.length ? html`<button @click=${() => (this.all = true)}>${t("week.all")}</button>` : nothing}`;
  }

  private async look(): Promise<void> {
    try {
      this.kept = await planHistory();
    } catch (cause) {
      this.said = cause instanceof RefusedError ? cause.message : String(cause);
    }
  }
}

function weekday(date: string): string {
  return new Date(`${date}T12:00:00`).toLocaleDateString(language, { weekday: "short", day: "numeric", month: "short" });
}
