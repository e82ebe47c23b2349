// After a row of exercises: what went well, what was seen, what was not, how the back is, tomorrow.
import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { type LookingBack, lookingBack, RefusedError, tellMovement, tellPain } from "../api";
import { rampFound } from "../parts/found";
import "../parts/report";
import "../parts/scale";
import "../parts/watch";
import { duration, t } from "../texts";
import { inEnglish } from "../texts/in-english";
import { named, said } from "../texts/said";

const STEADY = 0.98;
const UNSURE_SD = 0.05;
const MUCH_MORE_PAIN = 2;

/** One session that is over, as its screen saw it end. */
export interface Ended {
  sessionId: string;
  stopped: boolean;
  /** Ended where it was, to begin the same exercise again. */
  anew: boolean;
  screeningNeeded: boolean;
  /** Pain after it, where the coach has asked already. */
  painTold: number | null;
  /** Facts that the coach said in praise. */
  praise: string[];
}

@customElement("lw-after")
export class After extends LitElement {
  @property({ attribute: false }) ended: Ended[] = [];
  @property({ attribute: false }) painBefore: number | null = null;
  /** By the plan: how it was at its most decides with how the next day is. */
  @property({ type: Boolean }) planned = false;
  /** The own movement, and how it was before; null: there is none. */
  @property({ attribute: false }) movement: { says: string; before: number | null } | null = null;
  @state() private moved: number | null = null;
  @state() private back: LookingBack[] | null = null;
  @state() private pain: number | null = null;
  @state() private most: number | null = null;
  @state() private said = "";
  private telling: Promise<void> = Promise.resolve();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    void this.attempt(async () => {
      const last = this.ended[this.ended.length - 1];
      if (last?.painTold != null) await this.told(last.painTold);
      await this.movedBefore();
      this.back = await Promise.all(this.ended.map((e) => lookingBack(e.sessionId)));
    });
  }

  protected override render() {
    const last = this.ended[this.ended.length - 1];
    const needed = this.ended.some((e) => e.screeningNeeded);
    return html`<section class="after narrow">
      <h1>${t(last?.stopped ? "after.title.stopped" : "after.title")}</h1>
      ${needed ? html`<div class="note"><p lang="en">${t("after.symptom")}</p>${inEnglish()}</div>` : nothing}
      ${
        this.back === null
          ? html`<p>${t("app.moment")}</p>`
          : this.back.map((b, i) => this.one(b, this.ended[i]?.praise ?? []))
      }
      ${this.said ? html`<p class="trouble" role="alert">${this.said}</p>` : nothing}
      ${
        last === undefined || last.painTold !== null
          ? nothing
          : html`<lw-scale
              name="pain-after"
              .label=${t("after.pain")}
              .value=${this.pain}
              @chosen=${(e: CustomEvent<number>) => this.attempt(() => this.told(e.detail))}
            ></lw-scale>`
      }
      ${
        this.planned && last !== undefined
          ? html`<lw-scale
              name="pain-most"
              .label=${t("after.most")}
              .value=${this.most}
              @chosen=${(e: CustomEvent<number>) => this.attempt(() => this.atMost(e.detail))}
            ></lw-scale>`
          : nothing
      }
      ${
        this.movement === null || needed || last?.stopped
          ? nothing
          : html`<lw-scale
              name="movement-after"
              .label=${t("after.movement", { movement: this.movement.says })}
              .value=${this.moved}
              @chosen=${(e: CustomEvent<number>) => this.attempt(() => this.movedAfter(e.detail))}
            ></lw-scale>`
      }
      ${this.tomorrow(needed)}
      <div class="begin">
        <button class="main" @click=${() => void this.leave()}>
          ${t("after.back")}
        </button>
      </div>
    </section>`;
  }

  private one({ past, kept, not_seen, ramp }: LookingBack, praise: string[]) {
    const counted = past.effective_s;
    const told = counted !== null && !(ramp && counted < 1);
    const unsure_s = past.uncertain_s ?? 0;
    return html`<article>
      <h2>${said(past.plain_name ?? "")}</h2>
      ${
        told
          ? html`<p class="big">
              ${
                past.asked_s === null
                  ? t("after.countedAlone", { a: duration(counted) })
                  : t("after.counted", { a: duration(counted), b: duration(past.asked_s) })
              }
            </p>`
          : nothing
      }
      ${
        unsure_s >= 1
          ? html`<p class="quiet">${t(told ? "after.unsure" : "after.unsureAlone", { a: duration(unsure_s) })}</p>`
          : nothing
      }
      ${rampFound(ramp)} ${ramp && kept.length + praise.length === 0 ? nothing : this.well(kept, praise)} ${this.seen(past)} ${this.unseen(not_seen)}
      <p><lw-report .past=${past}></lw-report></p>
      <lw-watch .session=${past.session_id}></lw-watch>
    </article>`;
  }

  private well(kept: LookingBack["kept"], praise: string[]) {
    const facts = kept
      .filter((k) => k.ratio !== null)
      .map((k) => {
        const name = k.side === null ? named(k.name) : `${named(k.name)}, ${t(`side.${k.side}`)}`;
        const p = Math.round(100 * (k.ratio ?? 0));
        const whole = (k.ratio ?? 0) >= STEADY && k.known_s > k.unsure_s;
        return whole ? t("after.allKept", { name }) : t("after.kept", { name, p });
      });
    const all = [...new Set([...praise, ...facts])];
    return html`<h3>${t("after.well")}</h3>
      ${
        all.length === 0
          ? html`<p class="quiet">${t("after.nothing")}</p>`
          : html`<ul class="facts-list">${all.map((f) => html`<li>${f}</li>`)}</ul>`
      }`;
  }

  private seen(past: LookingBack["past"]) {
    if (past.reached.length === 0) return nothing;
    return html`<h3>${t("after.seen")}</h3>
      <ul class="facts-list">
        ${past.reached.map((r) => {
          const key = r.sd > UNSURE_SD ? "after.reachedAbout" : "after.reached";
          const since = r.since === null ? "" : ` · ${t(r.since > 0 ? "after.further" : "after.less", {
            p: `${Math.round(100 * Math.abs(r.since))} %`,
          })}`;
          return html`<li>${t(key, { name: named(r.name), p: Math.round(100 * r.ratio) })}${since}</li>`;
        })}
      </ul>`;
  }

  private unseen(names: string[]) {
    if (names.length === 0) return nothing;
    return html`<h3>${t("after.unseen")}</h3>
      <p class="fog">${names.map(named).join(" · ")}</p>
      <p class="quiet">${t("after.clear")}</p>`;
  }

  /** What the rule of pain monitoring says; the plan decides tomorrow, by how the back is then. */
  private tomorrow(needed: boolean) {
    if (needed) return nothing;
    if (this.planned) return html`<h2>${t("after.tomorrow")}</h2><p>${t("after.plan")}</p>`;
    const more = this.pain !== null && this.painBefore !== null && this.pain - this.painBefore >= MUCH_MORE_PAIN;
    return html`<h2>${t("after.tomorrow")}</h2>
      <p lang=${more ? "en" : document.documentElement.lang}>${t(more ? "after.less.tomorrow" : "after.same")}</p>
      ${more ? inEnglish() : nothing}
      <details>
        <summary>${t("after.why")}</summary>
        <p lang=${more ? "en" : document.documentElement.lang}>${t(more ? "after.why.less" : "after.why.same")}</p>
      </details>`;
  }

  /** Not before what was told is kept: it is shown next. */
  private async leave(): Promise<void> {
    await this.telling.catch(() => {});
    this.dispatchEvent(new CustomEvent("left"));
  }

  private async told(nrs: number): Promise<void> {
    this.pain = nrs;
    const last = this.ended[this.ended.length - 1];
    if (last === undefined) return;
    // One after the other: the word that is said last is the one that is kept.
    this.telling = this.telling.catch(() => {}).then(() => tellPain(last.sessionId, "after", nrs));
    await this.telling;
  }

  /** Kept with the first session of the row: it was before all of them. */
  private async movedBefore(): Promise<void> {
    const [first] = this.ended;
    const before = this.movement?.before ?? null;
    if (first !== undefined && before !== null) await tellMovement(first.sessionId, { before });
  }

  private async movedAfter(nrs: number): Promise<void> {
    this.moved = nrs;
    const [first] = this.ended;
    if (first === undefined) return;
    this.telling = this.telling.catch(() => {}).then(() => tellMovement(first.sessionId, { after: nrs }));
    await this.telling;
  }

  private async atMost(nrs: number): Promise<void> {
    this.most = nrs;
    const last = this.ended[this.ended.length - 1];
    if (last === undefined) return;
    this.telling = this.telling.catch(() => {}).then(() => tellPain(last.sessionId, "most", nrs));
    await this.telling;
  }

  private async attempt(what: () => Promise<void>): Promise<void> {
    try {
      await what();
    } catch (cause) {
      this.said = cause instanceof RefusedError ? cause.message : String(cause);
      this.back ??= [];
    }
  }
}
