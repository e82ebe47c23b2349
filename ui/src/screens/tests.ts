// The tests: which to do and why, what each needs and what is here of it, what has been found, and what
// somebody measured by hand. Nothing here is a verdict about a person.
import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { RefusedError } from "../api";
import "../parts/devices";
import "../parts/phone";
import "../parts/scale";
import "../parts/typed";
import { type Found, led, type Measured, type Row, type Sensor, sorted, takeBack, tellWho, type Test, type Tests, tests } from "../tests";
import { type Key, t, tn } from "../texts";
import { named, said, saidPlain } from "../texts/said";
import type { Routine } from "./today";

/** True of every test that nobody did: in a list of those that cannot be done here it says nothing. */
const OPEN = "Not measured yet, so whether anything is short here is open.";
const SEXES = ["female", "male"] as const;

/** Why none of several may be led now, where that is the same of each. */
export function waitsFor(all: readonly Pick<Test, "not_now">[]): string | null {
  const [first, ...more] = all.map((test) => test.not_now[0]);
  return first !== undefined && more.length > 0 && more.every((why) => why === first) ? first : null;
}

@customElement("lw-tests")
export class TestsScreen extends LitElement {
  @property({ attribute: false }) shown!: Tests;
  /** How the back is today, where that was told. */
  @property({ attribute: false }) pain: number | null = null;
  @state() private now: number | null = null;
  @state() private corrects: Row | null = null;
  @state() private said = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    const { here, elsewhere } = sorted(this.shown.tests);
    const shared = waitsFor(here);
    const measured = this.shown.measured.filter((m) => m.found.length > 0 || m.rows.length > 0);
    return html`<section class="tests">
      <h1>${t("tests.title")}</h1>
      <p class="lead">${t("tests.what")}</p>
      ${
        this.pain === null
          ? html`<lw-scale
              name="pain-before"
              .label=${t("pain.now")}
              .value=${this.now}
              @chosen=${(e: CustomEvent<number>) => (this.now = e.detail)}
            ></lw-scale>`
          : nothing
      }
      <h2>${t("tests.here")}</h2>
      <p class="quiet">${t("tests.here.note")}</p>
      ${shared === null ? nothing : this.wait(shared)}
      <ul class="cards">
        ${here.map((test) => this.card(test, shared))}
      </ul>
      ${this.worn(here)} ${this.elsewhere(elsewhere)}
      <h2>${t("tests.found")}</h2>
      <p class="quiet">${t("tests.found.note")}</p>
      ${measured.length + this.shown.directions.length === 0 ? html`<p class="fog">${t("tests.found.none")}</p>` : nothing}
      ${this.shown.directions.map((d) => html`<p>${said(d)}</p>`)} ${measured.map((m) => this.measured(m))}
      ${this.who()}
      <lw-typed
        .measured=${this.shown.measured}
        .corrects=${this.corrects}
        @told=${(e: CustomEvent<Tests>) => this.told(e.detail)}
        @closed=${() => (this.corrects = null)}
      ></lw-typed>
      ${this.said ? html`<p class="trouble" role="alert">${this.said}</p>` : nothing}
    </section>`;
  }

  /** What all of them wait for is said once, with the way to it. */
  private wait(why: string) {
    return html`<p class="note">
      ${said(why)} <button class="link" @click=${() => this.dispatchEvent(new CustomEvent("today"))}>${t("session.today")}</button>
    </p>`;
  }

  private card(test: Test, shared: string | null) {
    const facts = [
      t(`today.place.${test.place}` as Key),
      t("today.minutes", { n: Math.max(1, Math.round(test.about_s / 60)) }),
      ...(test.sides ? [t("today.both")] : []),
      ...(test.screen_visible ? [] : [t("today.byEar")]),
    ].join(" · ");
    return html`<li class="card test" data-id=${test.id} data-reach=${test.reach}>
      <span class="what"
        ><strong>${said(test.plain_name)}</strong><span class="sum">${said(test.why)}</span>
        <small class="way">${said(test.way)}${test.equipment.map((thing) => html` · ${said(thing)}`)}</small></span
      >
      <small class="facts">${facts}</small>
      ${this.sensors(test)}
      ${test.led_side === null ? nothing : html`<p class="quiet">${t(`tests.only.${test.led_side}`)}</p>`}
      ${test.not_now.length > 0 && test.not_now[0] !== shared ? html`<p class="fog">${said(test.not_now[0] ?? "")}</p>` : nothing}
      <div class="begin">
        <button
          ?disabled=${test.not_now.length > 0}
          aria-label=${t("tests.lead.what", { name: named(test.plain_name) })}
          @click=${() => this.lead(test)}
        >
          ${t("tests.lead")}
        </button>
        ${test.wear === "" ? nothing : html`<span class="quiet">${t(test.reach === "phone" ? "tests.wear" : "tests.worn", { place: saidPlain(test.wear) })}</span>`}
      </div>
    </li>`;
  }

  private sensors(test: Test) {
    if (test.sensors.length === 0) return nothing;
    return html`<ul class="sensors" aria-label=${t("tests.needs")}>
      ${test.sensors.map(
        (s) => html`<li data-has=${s.has}>
          <span aria-hidden="true">${s.has ? "●" : "○"}</span> ${said(s.name)}
          ${s.has ? html`<span class="hidden">${t("tests.has")}</span>` : html`<small>${t(lacks(s))}</small>`}
        </li>`,
      )}
    </ul>`;
  }

  /** What can be worn: a phone, and sensors that have a name here. */
  private worn(here: Test[]) {
    const with_phone = here.filter((x) => x.wear !== "");
    const place = saidPlain(with_phone[0]?.wear ?? "");
    const stands = (): void => void this.attempt(tests);
    return html`<lw-phone
        .exercise=${with_phone[0]?.id ?? ""}
        .what=${with_phone.length === 0 ? t("tests.phone.none") : tn("tests.phone", with_phone.length, { place })}
        @stands=${stands}
      ></lw-phone>
      <lw-devices @stands=${stands}></lw-devices>`;
  }

  private elsewhere(tests: Test[]) {
    if (tests.length === 0) return nothing;
    return html`<details class="elsewhere">
      <summary>${t("tests.elsewhere", { n: tests.length })}</summary>
      <p class="quiet">${t("tests.elsewhere.note")}</p>
      <ul class="facts-list">
        ${tests.map(
          (x) => html`<li data-id=${x.id}>
            <strong>${said(x.plain_name)}</strong>
            ${x.why === OPEN ? nothing : html`<br /><span class="quiet">${said(x.why)}</span>`}
            ${x.sensors.length === 0 ? html`<p>${t("tests.noSensor")}</p>` : this.sensors(x)}
          </li>`,
        )}
      </ul>
      <p class="quiet">${t("tests.elsewhere.how")} <code>lengthwise devices scan</code>, <code>lengthwise devices name</code></p>
    </details>`;
  }

  private measured(m: Measured) {
    return html`<article class="measured" data-result=${m.result}>
      <h3>${said(m.name)}</h3>
      ${m.found.map((f) => found(f))}
      <ul class="rows">
        ${m.rows.map((row) => this.row(m, row))}
      </ul>
    </article>`;
  }

  private row(m: Measured, row: Row) {
    const says = row.says.map(saidPlain).join(" · ");
    const of = { name: named(m.name), value: says };
    return html`<li data-counts=${row.counts}>
      <span class="what"
        ><span>${row.counts ? says : html`<s>${says}</s>`}</span
        ><small
          >${new Date(`${row.date}T12:00:00`).toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "short", year: "numeric" })}
          · ${t(row.typed ? "tests.typed" : "tests.led")}${row.counts ? "" : ` · ${t("tests.taken")}`}</small
        ></span
      >
      ${
        row.counts
          ? html`<span class="does">
              ${row.typed && row.value !== null ? html`<button class="quiet" aria-label=${t("tests.correct.what", of)} @click=${() => (this.corrects = row)}>${t("tests.correct")}</button>` : nothing}
              <button class="quiet" aria-label=${t("tests.back.what", of)} @click=${() => this.attempt(() => takeBack(row.place))}>${t("tests.back")}</button>
            </span>`
          : nothing
      }
    </li>`;
  }

  /** What other people a result stands beside; neither is needed. */
  private who() {
    const { age_years: age, sex } = this.shown;
    return html`<details class="who" ?open=${false}>
      <summary>${age === null ? t("tests.who") : t("tests.who.told", { n: Math.floor(age + 0.01) })}</summary>
      <form @submit=${this.sendWho}>
        <label class="field"
          ><span>${t("tests.age")}</span
          ><input type="number" name="age" min="18" max="110" step="1" required .value=${age === null ? "" : String(Math.floor(age + 0.01))}
        /></label>
        <fieldset class="question">
          <legend>${t("tests.sex")}</legend>
          <div class="choice">
            ${SEXES.map(
              (s) => html`<label><input type="radio" name="sex" value=${s} .checked=${sex === s} /><span>${t(`tests.sex.${s}`)}</span></label>`,
            )}
          </div>
          <small>${t("tests.who.note")}</small>
        </fieldset>
        <div class="begin"><button type="submit">${t("week.keep")}</button></div>
      </form>
    </details>`;
  }

  private sendWho(event: SubmitEvent): void {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const sex = form.get("sex");
    void this.attempt(() => tellWho({ age_years: Number(form.get("age")), ...(sex === null ? {} : { sex: String(sex) }) }));
  }

  /** What needs a phone is not led without one: it would only say that it does not know. */
  private async lead(test: Test): Promise<void> {
    this.said = "";
    if (test.reach === "phone") {
      const now = await tests().catch(() => this.shown);
      if (now.tests.find((x) => x.id === test.id)?.reach !== "ready") {
        this.said = t("tests.wear", { place: saidPlain(test.wear) });
        return;
      }
    }
    const sides = { [test.id]: test.led_side };
    const detail: Routine = { exercises: [led(test)], painNow: this.pain ?? this.now, test: true, sides };
    this.dispatchEvent(new CustomEvent<Routine>("chosen", { detail }));
  }

  private told(detail: Tests): void {
    this.corrects = null;
    this.dispatchEvent(new CustomEvent<Tests>("told", { detail }));
  }

  private async attempt(what: () => Promise<Tests>): Promise<void> {
    this.said = "";
    try {
      this.told(await what());
    } catch (cause) {
      this.said = cause instanceof RefusedError ? cause.message : String(cause);
    }
  }
}

/** In words, what there is of a sensor that is not heard. */
function lacks(s: Sensor): Key {
  if (s.named) return "tests.named";
  return s.phone ? "tests.byPhone" : "tests.hasNot";
}

/** One side: how much and how surely, beside people of that age, and whether it counts. `told`: how much
 * stands above already, as the only day there is. */
export function found(f: Found, told = false) {
  return html`<div class="found" data-verdict=${f.verdict}>
    <p>
      ${f.side === null ? nothing : html`<strong>${t(`tests.side.${f.side}`)}</strong>`}
      ${f.amount && !(told && f.days === 1) ? said(`${f.amount}.`) : nothing} ${f.norm ? said(f.norm) : nothing}
    </p>
    <p class="quiet">${said(f.counts)} ${f.repeat ? said(f.repeat) : nothing}</p>
  </div>`;
}
