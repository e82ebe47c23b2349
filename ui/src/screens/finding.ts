// The camera check of a session: lays the silhouette over the mirror, says what is missing, counts
// down, and tells when all that this exercise needs is in the picture and still.
import { html, nothing } from "lit";
import type { Found } from "../camera";
import type { Placing } from "../parts/silhouette";
import "../parts/silhouette";
import * as logic from "../placing";
import { type Key, t } from "../texts";

const LOW_M = 0.45;
const SEAT_M = 0.8;
const SAID_AFTER_S = 1.5; // a word is worth saying when it has stood so long
const SAID_EVERY_S = 5;

export class Finding {
  private state = logic.begin();
  private light: logic.Light | null = null;
  private word = "";
  private wordSinceS = 0;
  private saidAtS = -Infinity;
  private said = "";
  placed: logic.Placed | null = null;
  private waits = false;

  constructor(readonly placing: Placing) {}

  /** One image on. What is to be said aloud now, or null. `waits`: nothing begins by itself, and the
   * count begins anew afterwards. */
  take(found: Found, waits: boolean): string | null {
    this.waits = waits;
    const { values, width, height, people, capturedS: atS } = found;
    if (found.luma !== null) {
      const person = people > 0 ? values : null;
      this.light = logic.lightOf(found.luma, logic.LUMA_COLUMNS, person, width, height);
    }
    const look = { atS, values, width, height, people, light: this.light };
    [this.state, this.placed] = logic.step(this.placing, this.state, look);
    if (this.waits) {
      this.state = { ...this.state, goodSinceS: null };
      this.placed = { ...this.placed, count: null, ready: false };
    }
    return this.aloud(atS);
  }

  /** One line: what is missing, or that nothing is. */
  get line(): string {
    if (this.placed === null) return t("place.starting");
    if (this.waits) return t("place.waits");
    const { missing } = this.placed;
    if (missing === null) return t("place.good");
    if ("part" in missing)
      return t(`miss.${missing.kind}`, { part: t(`part.${missing.part}.one` as Key) });
    return "to" in missing ? t(`miss.turn.${missing.to}`) : t(`miss.${missing.kind}`);
  }

  private aloud(atS: number): string | null {
    if (this.line !== this.word) {
      this.word = this.line;
      this.wordSinceS = atS;
    }
    const stands = atS - this.wordSinceS >= SAID_AFTER_S;
    const anew = this.word !== this.said || atS - this.saidAtS > 3 * SAID_EVERY_S;
    if (!stands || !anew || atS - this.saidAtS < SAID_EVERY_S) return null;
    this.saidAtS = atS;
    this.said = this.word;
    return this.word;
  }
}

/** The column beside the mirror: where to be, where the camera should be, what has to be seen. */
export function beside(placing: Placing, placed: logic.Placed | null) {
  return html`${where(placing, placed)}
    <lw-phone slim .exercise=${placing.exercise_id}></lw-phone>
    <lw-devices slim></lw-devices>`;
}

/** Where to be, and where the camera. */
export function where(placing: Placing, placed: logic.Placed | null) {
  const height = placing.camera_m < LOW_M ? "low" : placing.camera_m < SEAT_M ? "middle" : "high";
  return html`<h2 class="first">${t("place.title")}</h2>
    <ul class="where">
      <li>${t(`place.where.${placing.view}`)}</li>
      <li>${t("place.distance", { m: placing.distance_m.toLocaleString(document.documentElement.lang) })}</li>
      <li>${t(`place.camera.${height}`)}</li>
      <li data-warn=${placed?.light != null}>${placed?.light ? t(`miss.${placed.light}`) : t("place.light")}</li>
    </ul>
    ${
      placing.parts.length === 0
        ? nothing
        : html`<h3>${t("place.parts")}</h3>
            <ul class="parts">
              ${placing.parts.map((part) => {
                const state = placed?.parts[part] ?? "unseen";
                return html`<li data-state=${state}>
                  <span aria-hidden="true">${state === "seen" ? "●" : state === "edge" ? "◐" : "○"}</span>
                  ${t(`part.${part}`)} <span class="hidden">${t(`part.state.${state}`)}</span>
                </li>`;
              })}
            </ul>`
    }`;
}
