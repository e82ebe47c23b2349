// A session as it is shown: the mirror, the body, one instruction, one number, and what the hands can
// say. What it does is in session.ts.
import { html, nothing } from "lit";
import type { Opened } from "../api";
import "../body/view";
import type { Body, MakeVisible } from "../body/view";
import type { Command } from "../keys";
import { facing } from "../placing";
import "../parts/band";
import "../parts/how";
import "../parts/devices";
import "../parts/phone";
import "../parts/second-screen";
import { shows as ramps } from "../ramp-view";
import { t } from "../texts";
import { inEnglish } from "../texts/in-english";
import { said as saidName } from "../texts/said";
import type { Guidance, RampView, WindowEdges, WordKind } from "../wire";
import type { Chosen } from "./chosen";
import { beside } from "./finding";
import { beforehand, resting, scale, stop, testWords, tool, words } from "./hands";
import { counted, cue, cueLanguage, type Stands, wholeStop } from "./instruction";
import { leading } from "./leading";
import type { Away } from "./away";
import { lockLine } from "./locking";
import { rampWords, stands } from "./ramped";
import { clearing, type Seeking } from "./seeking";
import type { Switches } from "./switches";
import type { Voice } from "./voice";

const LONG = 60; // letters: a sentence to read, not a word to act on

export interface Shown extends Stands {
  readonly chosen: Chosen;
  readonly ramp: RampView | null;
  readonly waiting: Record<string, string>;
  readonly opened: Opened | null;
  readonly edges: WindowEdges[];
  readonly body: Body | null;
  readonly switches: Switches;
  /** What was shown last still holds. */
  readonly led: boolean;
  /** What is in fog and asked about: told in the place of what leads. */
  readonly seeking: Seeking;
  /** Wanted before the camera check is through, or its place is known: nothing begins by itself. */
  readonly waits: boolean;
  readonly trouble: string;
  readonly voice: Voice;
  readonly away: Pick<Away, "lock">;
  word(kind: WordKind): void;
  command(command: Command): void;
  told(n: number): void;
  /** Ends here, and begins the same exercise again with what is worn now. */
  anew(): void;
  seeAgain(): void;
  /** From the place before the camera on, though not all is seen. */
  go(): void;
  leave(): void;
  finish(early?: boolean): void;
}

export function shown(s: Shown) {
  const seeks = s.seeking.open && s.led && !s.over && !s.places;
  const toPlace = s.places || (seeks && s.seeking.way === "place");
  const mirrorLarge = toPlace || s.switches.mirrorLarge;
  const said = cue(s);
  const count = counted(s);
  const question = s.connected ? s.guidance?.question : null;
  return html`<section
    class="session"
    aria-label=${t("session.label")}
    data-phase=${s.guidance?.phase ?? "waiting"}
    data-ramp=${ramps(s.ramp) ? s.ramp.part : nothing}
    data-led=${s.led || s.places || s.over}
    data-stage=${s.places ? "placing" : "led"}
    data-seeks=${seeks ? (s.seeking.way ?? "nothing") : nothing}
    data-large=${mirrorLarge ? "mirror" : "body"}
  >
    ${head(s)}
    <div class="pictures">
      ${mirror(s, toPlace)}
      <lw-body
        .exercise=${s.chosen.exercise.id}
        .seenFrom=${facing(s.chosen.exercise.view, s.chosen.side)}
        .heightCm=${s.chosen.heightM * 100}
        .edges=${s.edges}
        .ghosts=${s.switches.ghosts && s.led}
        .asked=${s.seeking.open}
        .pairs=${s.chosen.exercise.way === undefined}
        @make-visible=${(e: CustomEvent<MakeVisible>) => s.seeking.ask(e.detail.told, e.detail.phone)}
      ></lw-body>
      ${count === null ? nothing : html`<p class="count-over" aria-hidden="true">${count}</p>`}
      <p class="light" data-on=${s.eyes.light}>
        ${t(s.eyes.light ? "session.camera.on" : "session.camera.off")}
      </p>
    </div>
    <div class="side">
      ${[s.stopping.unkept ? t("stop.later") : "", s.eyes.blind, s.trouble].map((wrong) =>
        wrong ? html`<p class="trouble" role="alert">${wrong}</p>` : nothing,
      )}
      ${s.places ? placingSide(s) : ledSide(s)}
      ${s.places ? lockLine(s.away.lock, s.finding?.placing.parts.length !== 0) : nothing}
    </div>
    <p class="cue" lang=${cueLanguage(s)} data-long=${said.length > LONG}
      >${said}${cueLanguage(s) === "en" && said !== "" ? inEnglish("beside") : nothing}</p
    >
    ${question ? scale(question, (n) => s.told(n)) : help(s)}
    ${
      s.asks
        ? html`<lw-how
            @well=${() => s.word("resume")}
            @unwell=${() => s.word("stop")}
            @enough=${() => s.finish(true)}
          ></lw-how>`
        : nothing
    }
    <nav aria-label=${t("session.label")} ?hidden=${s.asks}>${buttons(s)}</nav>
    <p class="captions" role="status" aria-live="assertive" lang=${s.voice.language}>
      <span class=${shows(s, said) ? "hidden" : ""}>${s.voice.caption}</span>
    </p>
  </section>`;
}

function help(s: Shown) {
  const whole = wholeStop(s);
  if (whole === null) return nothing;
  return html`<details class="help">
    <summary>${t("stop.help")}</summary>
    <p lang=${cueLanguage(s)}>${whole}</p>
  </details>`;
}

/** Whether what was said last is past, or stands above already, also in its short form. */
function shows(s: Shown, said: string): boolean {
  const { caption } = s.voice;
  const short = s.shortened?.of === caption && s.shortened.short === said;
  return s.voice.past || caption === said || short || s.asks || s.over || s.stopped;
}

function head(s: Shown) {
  const { exercise, number, of } = s.chosen;
  const { switches } = s;
  const press = (command: Command): void => s.command(command);
  return html`<header>
    <h1>
      ${saidName(exercise.plain_name)} ${sideName(s.guidance)}
      ${of > 1 ? html`<small>${t("session.queue", { a: number, b: of })}</small>` : nothing}
    </h1>
    <div class="tools">
      ${s.places ? nothing : tool(press, "swap", t("session.swap"), "v", switches.mirrorLarge)}
      ${s.places ? nothing : tool(press, "ghost", t("session.ghost"), "o", switches.ghosts)}
      ${tool(press, "tone", t("session.tone"), "h", switches.tone)}
      ${tool(press, "sound", t("session.sound"), "m", !switches.muted)}
      ${tool(press, "floor", t("session.floor"), "l", switches.floor)}
    </div>
  </header>`;
}

function sideName(g: Guidance | null): string {
  return g?.side ? `· ${t(`side.${g.side}`)}` : "";
}

function mirror(s: Shown, toPlace: boolean) {
  return html`<div class="mirror" role="img" aria-label=${t("session.mirror")}>
    <video playsinline muted></video><canvas></canvas>
    ${
      toPlace && s.finding
        ? html`<lw-silhouette
            .placing=${s.finding.placing}
            .parts=${s.finding.placed?.parts ?? null}
          ></lw-silhouette>`
        : nothing
    }
  </div>`;
}

function placingSide(s: Shown) {
  return s.finding === null ? nothing : beside(s.finding.placing, s.finding.placed);
}

export function ledSide(s: Shown) {
  if (!s.over && !s.led) return nothing;
  const g = s.guidance;
  if (s.over) return html`<p class="phase">${t(`phase.${g?.phase ?? "done"}`)}</p>`;
  const { stretch, edges } = s.body?.aimed(g?.side ?? null) ?? { stretch: false, edges: null };
  // Where nothing pauses a band may pull on: what says so, and what leads, stand above what is told.
  return html`<lw-band></lw-band>
    ${s.seeking.way !== null ? nothing : g !== null && ramps(s.ramp) ? stands(s.ramp, g) : leading(g, s.waiting, s.chosen.exercise.view, stretch ? { edges } : null)}
    <lw-phone slim .exercise=${s.chosen.exercise.id}></lw-phone>
    <lw-devices slim></lw-devices>
    ${clearing(s)}
    <lw-second-screen .opened=${s.opened}></lw-second-screen>`;
}

export function buttons(s: Shown) {
  if (s.over)
    return html`<button class="main" @click=${() => s.finish()}>${t("session.after")}</button>`;
  const say = (kind: WordKind): void => s.word(kind);
  const today = html`<button class=${s.gone || s.stopping.unkept || s.stopped ? "main" : ""} @click=${() => s.leave()}>
    ${t("session.today")}
  </button>`;
  // Stopped while it opens, there is nothing to pause or to lead on; the stop is kept all the same.
  if (s.gone || s.stopping.unkept || s.stopped) return today;
  if (!s.connected) return html`${stop(say)} ${today}`;
  if (s.eyes.blind)
    return html`${s.begun ? stop(say) : nothing}
      <button class=${s.begun ? "" : "main"} @click=${() => s.seeAgain()}>${t("camera.again")}</button> ${today}`;
  if (s.seeking.way !== null) return resting(say);
  if (!s.places && ramps(s.ramp)) return rampWords(say, s.ramp, s.guidance?.phase === "paused");
  const { way } = s.chosen.exercise;
  if (!s.places) return way === undefined ? words(say, s.guidance?.phase === "paused") : testWords(say, way);
  return html`${stop(say)}
    <div class="controls">
      ${beforehand(say, s.waits, s.chosen.of > 1)}
      <button class="go" ?disabled=${s.finding?.placed == null} @click=${() => s.go()}>${t("place.go")}</button>
      <span class="quiet why">${t("place.go.why")}</span>
    </div>`;
}
