// The one instruction of a session and the one number over the picture: the coach's, or what stands in
// its place where it holds no longer.
import { language, t } from "../texts";
import type { Guidance } from "../wire";
import type { Eyes } from "./eyes";
import type { Finding } from "./finding";

const CANNOT_SEE = /^(not_)?known\./;

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
  /** The last words of the coach that have a short form, and that form. */
  readonly shortened: { of: string; short: string | null } | null;
  /** What is said while standing still before it begins. */
  readonly standing: string;
}

/** Whether the coach says that it cannot see: nothing is counted over that, to the eye or the ear. */
export function unseen(s: Stands): boolean {
  return !s.places && CANNOT_SEE.test(s.guidance?.cue_id ?? "");
}

/** Three, two, one: before the session by what is seen, in it by the coach. */
export function counted(s: Stands): number | null {
  if (standIn(s) !== null || s.over || unseen(s)) return null;
  return s.places ? (s.finding?.placed?.count ?? null) : (s.guidance?.countdown ?? null);
}

export function cue(s: Stands): string {
  const g = s.guidance;
  const inItsPlace = standIn(s);
  if (inItsPlace !== null) return inItsPlace;
  if (s.places) return s.finding?.line ?? t("place.starting");
  if (g?.question) return g.question.text;
  // From the floor few words can be read: the short form, where what is asked has one.
  const few = s.floor && g?.cue_text != null && g.cue_text === s.shortened?.of ? s.shortened.short : null;
  return few ?? g?.cue_text ?? (s.standing || t("session.ready"));
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
