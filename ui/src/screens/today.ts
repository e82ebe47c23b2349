// Today: how the back is, a short row of exercises of one's own choice, and one button to begin.
import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Exercise } from "../api";
import { keep, keptIds } from "../kept";
import "../parts/devices";
import { findFar } from "../parts/find-far";
import "../parts/phone";
import "../parts/scale";
import { type Key, t, tn } from "../texts";
import { inEnglish } from "../texts/in-english";
import { anyEnglish, named, said } from "../texts/said";

const QUEUE = "queue";
const GENTLE = ["chair_side_bend", "standing_side_bend", "chair_forward_fold", "seated_breathing"];
const BREATHING = ["seated_breathing", "supine_breathing"];
const HIGH_PAIN = 7;
const PLACES = ["floor", "bed", "chair", "standing", "desk"];
const AREAS = [
  "low_back", "waist", "belly", "hip_front", "buttock",
  "thigh_front", "thigh_back", "thigh_inside", "calf", "breath",
];

export interface Routine {
  exercises: Exercise[];
  painNow: number | null;
  /** By the plan: after it is asked how it was at its most. */
  planned?: boolean;
  /** A test: what comes after it is its result. */
  test?: boolean;
  /** Pain of the own movement before it, and whether it is asked for after it. */
  movement?: { says: string; before: number | null };
  /** The one side that is led, of those that are led on one. */
  sides?: Record<string, "l" | "r" | null>;
  /** In place of holds a ramp to tolerance; `warm`: as it was answered. */
  ramp?: { warm: boolean };
}

/** Whether all words that were typed stand somewhere in what is known of an exercise. */
export function fits(e: Exercise, typed: string, place: string): boolean {
  if (place !== "" && e.place !== place) return false;
  const words = [e.plain_name, e.name, e.summary, ...e.equipment];
  const known = [...words, ...words.map(named), t(`area.${e.area}` as Key)]
    .join(" ")
    .toLowerCase();
  return typed.toLowerCase().split(/\s+/).every((word) => known.includes(word));
}

@customElement("lw-today")
export class Today extends LitElement {
  @property({ attribute: false }) exercises: Exercise[] = [];
  @property({ type: Boolean }) first = false;
  /** Whether there is a plan, which this is a choice beside. */
  @property({ type: Boolean }) planned = false;
  @property({ attribute: false }) heightM = 1.7;
  @state() private queue: string[] = [];
  @state() private pain: number | null = null;
  @state() private typed = "";
  @state() private place = "";
  @state() private resting = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has("exercises")) return;
    const kept = keptIds(QUEUE).filter((id) => this.led(id));
    const gentle = GENTLE.find((id) => this.led(id));
    this.queue = kept.length > 0 ? kept : gentle === undefined ? [] : [gentle];
  }

  protected override render() {
    if (this.resting)
      return html`<section class="narrow">
        <h1>${t("today.not")}</h1>
        <p class="lead">${t("today.rest")}</p>
        <button @click=${() => (this.resting = false)}>${t("today.back")}</button>
      </section>`;
    return html`<section class="today">
      <div class="plan">
        <h1>${t("today.title")}</h1>
        ${this.offer()}
        <lw-scale
          name="pain-before"
          .label=${t("pain.now")}
          .value=${this.pain}
          @chosen=${(e: CustomEvent<number>) => (this.pain = e.detail)}
        ></lw-scale>
        ${(this.pain ?? 0) >= HIGH_PAIN ? this.highPain() : nothing} ${this.routine()}
      </div>
      ${this.choice()}
    </section>`;
  }

  private offer() {
    const tell = (what: string) => () => this.dispatchEvent(new CustomEvent(what));
    if (this.planned)
      return html`<p><button class="link" @click=${tell("byplan")}>${t("plan.back")}</button></p>`;
    return html`<div class="offer">
      <p><strong>${t("plan.offer")}</strong> ${t("plan.offer.what")}</p>
      <button class="make" @click=${tell("intake")}>${t("plan.make")}</button>
    </div>`;
  }

  private highPain() {
    const breathing = BREATHING.find((id) => this.led(id));
    return html`<div class="note" role="status">
      <p lang="en">${t("pain.high")}</p>
      ${inEnglish()}
      ${
        breathing === undefined
          ? nothing
          : html`<button @click=${() => this.keep([breathing])}>${t("pain.breathe")}</button>`
      }
    </div>`;
  }

  private routine() {
    const chosen = this.chosen();
    const minutes = Math.max(1, Math.round(chosen.reduce((sum, e) => sum + e.about_s, 0) / 60));
    return html`<div class="routine">
      <h2>${t(this.first && chosen.length === 1 ? "today.first" : "today.routine")}</h2>
      ${chosen.length === 0 ? html`<p class="quiet">${t("today.empty")}</p>` : nothing}
      <ol class="queue">
        ${chosen.map((e, i) => this.queued(e, i))}
      </ol>
      <div class="begin">
        <button class="main" ?disabled=${chosen.length === 0} @click=${this.start}>
          ${t("today.start")}
        </button>
        <button class="quiet" @click=${() => (this.resting = true)}>${t("today.not")}</button>
        ${
          chosen.length === 0
            ? nothing
            : html`<span class="quiet">${tn("today.total", chosen.length, { n: minutes, k: chosen.length })}</span>`
        }
      </div>
      <h2>${t("today.phone")}</h2>
      <lw-phone .exercise=${chosen[0]?.id ?? ""}></lw-phone>
      <lw-devices></lw-devices>
      <p class="person">
        <button class="link" @click=${() => this.dispatchEvent(new CustomEvent("height"))}>
          ${t("about.change", { n: Math.round(100 * this.heightM) })}
        </button>
      </p>
    </div>`;
  }

  private queued(e: Exercise, i: number) {
    return html`<li>
      <span class="what"
        ><strong>${said(e.plain_name)}</strong>
        <small>${said(e.name)}</small> ${findFar(this, e)}</span
      >
      <small class="facts"
        >${t("today.minutes", { n: Math.max(1, Math.round(e.about_s / 60)) })}${
          e.bilateral ? ` · ${t("today.both")}` : ""
        }${e.screen_visible ? "" : ` · ${t("today.byEar")}`}</small
      >
      ${
        i === 0
          ? nothing
          : html`<button class="small" aria-label=${t("today.up", { name: named(e.plain_name) })} @click=${() => this.up(i)}>
              ↑
            </button>`
      }
      <button
        class="small"
        aria-label=${t("today.remove", { name: named(e.plain_name) })}
        @click=${() => this.keep(this.queue.filter((_, k) => k !== i))}
      >
        ×
      </button>
    </li>`;
  }

  private choice() {
    const led = this.exercises.filter((e) => e.refusal === null);
    const found = led.filter((e) => fits(e, this.typed, this.place));
    const leftOut = this.exercises.length - led.length;
    return html`<div class="choose">
      <h2>${t("today.choose")}</h2>
      <div class="filters">
        <label class="field"
          ><span>${t("today.search")}</span
          ><input
            type="search"
            placeholder=${t("today.search.hint")}
            @input=${(e: Event) => (this.typed = (e.target as HTMLInputElement).value)}
        /></label>
        <label class="field"
          ><span>${t("today.place")}</span
          ><select @change=${(e: Event) => (this.place = (e.target as HTMLSelectElement).value)}>
            <option value="">${t("today.place.all")}</option>
            ${PLACES.map((p) => html`<option value=${p}>${t(`today.place.${p}` as Key)}</option>`)}
          </select></label
        >
      </div>
      <p class="quiet" role="status">
        ${found.length === 0 ? t("today.none") : tn("today.found", found.length)}
      </p>
      ${AREAS.map((area) => this.area(area, found.filter((e) => e.area === area)))}
      ${leftOut > 0 ? this.leftOut() : nothing}
    </div>`;
  }

  /** Each reason once, with everything that it leaves out. */
  private leftOut() {
    const out = this.exercises.filter((e) => e.refusal !== null);
    const by = new Map<string, Exercise[]>();
    for (const e of out) for (const why of e.left_out.slice(0, 1)) by.set(why, [...(by.get(why) ?? []), e]);
    return html`<details class="left-out">
      <summary>${t("today.leftOut", { n: out.length })}</summary>
      ${[...by].map(
        ([why, all]) => html`<div><p><strong>${said(why)}</strong></p><p class="quiet">${all.map((e) => named(e.plain_name)).join(" · ")}</p></div>`,
      )}
      ${anyEnglish([...by.keys()]) ? inEnglish("short") : nothing}
    </details>`;
  }

  private area(area: string, found: Exercise[]) {
    if (found.length === 0) return nothing;
    return html`<h3>${t(`area.${area}` as Key)}</h3>
      <ul class="cards">
        ${found.map((e) => {
          const chosen = this.queue.includes(e.id);
          return html`<li class="card" data-id=${e.id} data-chosen=${chosen}>
            <span class="what"
              ><strong>${said(e.plain_name)}</strong><small>${said(e.name)}</small>
              <span class="sum">${said(e.summary)}</span></span
            >
            <small class="facts"
              >${t(`today.place.${e.place}` as Key)} ·
              ${t("today.minutes", { n: Math.max(1, Math.round(e.about_s / 60)) })}</small
            >
            <button
              class="add"
              aria-pressed=${chosen}
              aria-label=${t(chosen ? "today.remove" : "today.add", { name: `${named(e.plain_name)}, ${named(e.name)}` })}
              @click=${() => this.keep(chosen ? this.queue.filter((id) => id !== e.id) : [...this.queue, e.id])}
            >
              ${chosen ? "✓" : "+"}
            </button>
          </li>`;
        })}
      </ul>`;
  }

  private led(id: string): boolean {
    return this.exercises.some((e) => e.id === id && e.refusal === null);
  }

  private chosen(): Exercise[] {
    return this.queue.flatMap((id) => this.exercises.filter((e) => e.id === id));
  }

  private keep(queue: string[]): void {
    this.queue = queue;
    keep(QUEUE, JSON.stringify(queue));
  }

  private up(i: number): void {
    const moved = [...this.queue];
    moved.splice(i - 1, 0, ...moved.splice(i, 1));
    this.keep(moved);
  }

  private start(): void {
    keep(QUEUE, JSON.stringify(this.queue));
    const detail: Routine = { exercises: this.chosen(), painNow: this.pain };
    this.dispatchEvent(new CustomEvent<Routine>("chosen", { detail }));
  }
}
