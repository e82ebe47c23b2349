// The one instruction of a session and the one number over the picture: the coach's, or what stands in
// its place where it holds no longer.
import { language, t } from "../texts";
import type { Decision, Guidance } from "../wire";
import type { Eyes } from "./eyes";
import type { Finding } from "./finding";

const CANNOT_SEE = /^(not_)?known\./;
const COUNTS_FOR_S = 1.5;

/** The last words of the coach that have a short form, and that form; `again`: a stop whose whole words
 * were on this page shortly before. */
export interface Shortened {
  of: string;
  short: string | null;
  again: boolean;
}

/** How a session stands, so far as it decides what is said. */
export interface Stands {
  readonly guidance: Guidance | null;
  readonly finding: Finding | null;
  readonly eyes: Pick<Eyes, "blind" | "asking" | "light">;
  /** The place before the camera is looked for, and nobody is led yet. */
  readonly places: boolean;
  /** The session is open: it hears words. */
  readonly begun: boolean;
  readonly connected: boolean;
  /** Nothing is heard of it any more, or it could not begin. */
  readonly gone: boolean;
  readonly stopped: boolean;
  /** A stop that was said, and that the session is not known to have kept. */
  readonly stopping: { readonly unkept: boolean };
  /** The person is asked how they are, and nothing goes on before they have said so. */
  readonly asks: boolean;
  readonly over: boolean;
  readonly floor: boolean;
  readonly shortened: Shortened | null;
  /** What is said while standing still before it begins. */
  readonly standing: string;
  readonly counting: Pick<Counting, "now">;
}

/** The coach's three, two, one. A number that goes on standing counts nothing any more: it waits for the
 * posture, and would only lie over the body. */
export class Counting {
  now: number | null = null;
  private since: { n: number; t_s: number } | null = null;

  take(n: number | null, t_s: number): void {
    if (n === null) this.since = null;
    else if (this.since?.n !== n) this.since = { n, t_s };
    this.now = this.since !== null && t_s - this.since.t_s <= COUNTS_FOR_S ? n : null;
  }
}

const SAID_FOR_MS = 30 * 60_000;
const BRIEFER = "stop.person";

/** Stops that are only asked for, and were said whole on this page: soon again, the same is said in short
 * and the whole is one tap away. What somebody noticed in themselves is said whole each time. */
export class StopsSaid {
  private readonly at = new Map<string, number>();

  /** Whether it was said whole shortly before; else it is now. */
  again(decision: Pick<Decision, "text" | "short" | "phase" | "reasons">, now = Date.now()): boolean {
    const { text, short, phase, reasons } = decision;
    if (phase !== "stopped" || text === null || short === null || reasons[0]?.id !== BRIEFER) return false;
    const before = this.at.get(text);
    if (before !== undefined && now - before < SAID_FOR_MS) return true;
    this.at.set(text, now);
    return false;
  }
}

/** Of all sessions of this page. */
export const STOPS = new StopsSaid();

/** Whether the coach says that it cannot see: nothing is counted over that, to the eye or the ear. */
export function unseen(s: Stands): boolean {
  return !s.places && CANNOT_SEE.test(s.guidance?.cue_id ?? "");
}

/** Three, two, one: before the session by what is seen, in it by the coach. */
export function counted(s: Stands): number | null {
  if (standIn(s) !== null || s.over || unseen(s)) return null;
  return s.places ? (s.finding?.placed?.count ?? null) : s.counting.now;
}

export function cue(s: Stands): string {
  const g = s.guidance;
  const inItsPlace = standIn(s);
  if (inItsPlace !== null) return inItsPlace;
  if (s.places) return s.finding?.line ?? t("place.starting");
  if (g?.question) return g.question.text;
  return few(s) ?? g?.cue_text ?? (s.standing || t("session.ready"));
}

/** From the floor few words can be read, and nobody reads a stop twice: the short form, where there is one. */
function few(s: Stands): string | null {
  const { shortened } = s;
  if (shortened === null || shortened.of !== s.guidance?.cue_text) return null;
  return s.floor || (s.over && shortened.again) ? shortened.short : null;
}

/** The whole words of a stop of which the short form stands there: when to seek help is one tap away. */
export function wholeStop(s: Stands): string | null {
  return s.guidance?.phase === "stopped" && few(s) !== null ? (s.guidance.cue_text ?? null) : null;
}

export function cueLanguage(s: Stands): string {
  if (standIn(s) !== null) {
    const own = !s.stopping.unkept && !s.gone && (s.stopped || (s.connected && !s.asks));
    return own ? language : "en";
  }
  const g = s.guidance;
  if (s.places || g === null) return language;
  return g.question?.language ?? g.cue_language ?? language;
}

/** What stands in the place of a cue that holds no longer; null where one does. */
function standIn(s: Stands): string | null {
  if (s.over) return null;
  if (s.stopping.unkept) return t("stop.waits");
  if (s.gone) return s.guidance === null ? "" : t("session.alone");
  if (s.stopped) return t("session.stopped");
  if (!s.connected) return t("session.lost");
  if (s.eyes.blind) return t(s.begun ? "camera.blind" : "camera.first");
  if (s.places && s.eyes.asking) return t("camera.asks");
  if (s.asks) return t("session.back");
  return null;
}
