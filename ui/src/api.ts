// The HTTP interface of this machine. Every refusal is a sentence that can be shown.
import type { RampFound } from "./parts/found";
import type { Placing } from "./parts/silhouette";
import type { Refusal } from "./texts";

export class RefusedError extends Error {
  /** `status` 0: nothing answered. */
  constructor(
    said: string,
    readonly status = 0,
  ) {
    super(said);
  }
}

export async function call<T>(path: string, init: RequestInit = {}): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(path, { credentials: "same-origin", ...init });
  } catch {
    throw new RefusedError(await said("app.notRunning"));
  }
  if (answer.status === 204) return undefined as T;
  const content = (await answer.json().catch(() => ({}))) as { detail?: unknown } & Omit<Refusal, "line">;
  if (!answer.ok) {
    const { detail, ...told } = content;
    const why =
      typeof detail === "string"
        ? (await import("./texts")).refusedWords({ line: detail, ...told })
        : await said("app.notDone");
    throw new RefusedError(why, answer.status);
  }
  return content as T;
}

/** Loaded when it is needed: what asks without a page has no words. */
async function said(key: "app.notRunning" | "app.notDone" | "app.noCookie"): Promise<string> {
  return (await import("./texts")).t(key);
}

export function post<T>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<T> {
  return call<T>(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

export interface Person {
  height_m: number | null;
  consented: number | null;
  languages: string[];
}

export interface ScreeningQuestion {
  id: string;
  text: string;
  level: string;
  good: "yes" | "no";
}

export interface Standing {
  refusal: string | null;
  result: { outcome: string; raised: string[]; unanswered: string[] } | null;
  may_answer: boolean;
}

export interface Screening {
  asked: {
    version: number;
    question: ScreeningQuestion[];
    told: Record<string, { now: string; next: string }>;
  };
  standing: Standing;
  /** The answers that ask somebody to look first. */
  raised: { id: string; text: string; answer: "yes" | "no" }[];
}

/** A session and the key that its stream is opened with. */
export interface Opened {
  session_id: string;
  key: string;
}

/** Countries by two letters, and the one that was chosen. */
export interface Regions {
  regions: Record<string, string>;
  chosen: string | null;
}

/** How the result of a test is taken. */
export type Way = "furthest" | "held" | "repeated" | "still";

export interface Exercise {
  id: string;
  name: string;
  plain_name: string;
  summary: string;
  view: "front" | "left" | "right";
  place: string;
  posture: string;
  area: string;
  kind: string;
  bilateral: boolean;
  equipment: string[];
  screen_visible: boolean;
  about_s: number;
  /** Whether a ramp to tolerance may be led in it, by what it is. */
  ramps?: boolean;
  refusal: string | null;
  /** Why so, in sentences. */
  left_out: string[];
  /** Of a test alone. */
  way?: Way;
}

export interface Reached {
  group: string;
  side: "l" | "r";
  name: string;
  ratio: number;
  sd: number;
  since: number | null;
}

export interface Past {
  session_id: string;
  started_utc: string;
  duration_s: number;
  exercise_id: string | null;
  plain_name: string | null;
  effective_s: number | null;
  uncertain_s: number | null;
  asked_s: number | null;
  complete: boolean;
  pain_before: number | null;
  pain_after: number | null;
  reached: Reached[];
  has_report: boolean;
  /** `not_drawn`: it can be drawn from what was recorded. */
  report: "there" | "being_drawn" | "not_drawn";
  movement_before: number | null;
  movement_after: number | null;
  pulled: Pulled[];
  relaxed: Relaxed[];
}

/** A result of a gauge or band; without `standard_nm` at tolerance. Those of one `alike` may be set beside each other. */
export interface Pulled {
  name: string;
  standard_nm: number | null;
  angle_deg: number;
  sd_deg: number;
  alike: string;
}

/** By which share the pull fell in held stretches at an angle. `per_week` stands with the last of an `alike`, where
 * there are enough; `surely`: it is none of chance. */
export interface Relaxed {
  name: string;
  angle_deg: number;
  held_s: number;
  loss_ratio: number;
  sd: number;
  alike: string;
  per_week: number | null;
  per_week_sd: number | null;
  surely: boolean;
}

export interface LookingBack {
  past: Past;
  kept: {
    name: string;
    side: "l" | "r" | null;
    ratio: number | null;
    known_s: number;
    unsure_s: number;
  }[];
  not_seen: string[];
  /** Of a ramp to tolerance. */
  ramp?: RampFound | null;
}

/** Turns the link's token into a cookie, and takes it out of the address. */
export async function enter(): Promise<void> {
  const token = new URLSearchParams(location.hash.slice(1)).get("enter");
  if (token === null) return;
  history.replaceState(null, "", location.pathname);
  await post("/api/enter", { token });
  await call("/api/lock").catch(async (cause: unknown) => {
    const kept = !(cause instanceof RefusedError && cause.status === 401);
    throw kept ? cause : new RefusedError(await said("app.noCookie"), 401);
  });
}

export const person = (): Promise<Person> => call("/api/person");
export const keepHeight = (height_m: number): Promise<Person> => post("/api/person", { height_m });
export const consent = (version: number): Promise<Person> => post("/api/consent", { version });
export const screening = (): Promise<Screening> => call("/api/screening");
export const answer = (
  version: number,
  answers: Record<string, string>,
): Promise<{ standing: Standing }> => post("/api/screening", { version, answers });
export const regions = (): Promise<Regions> => call("/api/regions");
export const chooseRegion = (
  region: string | null,
): Promise<{ told: Screening["asked"]["told"] }> => post("/api/region", { region });
export const exercises = (): Promise<Exercise[]> => call("/api/exercises");
export const placing = (id: string, heightCm: number, side: "l" | "r" | null = null): Promise<Placing> =>
  call(`/api/exercises/${id}/placing?height_cm=${Math.round(heightCm)}${side === null ? "" : `&side=${side}`}`);
export const words = (): Promise<{ waiting: Record<string, string> }> => call("/api/words");
export const sessions = (): Promise<Past[]> => call("/api/sessions");
export const lookingBack = (id: string): Promise<LookingBack> => call(`/api/sessions/${id}`);
export const drawReport = (id: string): Promise<void> => post(`/api/sessions/${id}/report`, {});
export const tellPain = (id: string, moment: "before" | "after" | "most", nrs: number): Promise<void> =>
  post(`/api/sessions/${id}/pain`, { moment, nrs });
export const tellMovement = (id: string, told: { before?: number; after?: number }): Promise<void> =>
  post(`/api/sessions/${id}/movement`, told);
export const deleteSession = (id: string): Promise<void> =>
  call(`/api/sessions/${id}`, { method: "DELETE" });
export const deleteEverything = (): Promise<{ answers_stay: boolean }> =>
  post("/api/data/delete", { confirm: "delete everything" });

export interface NewSession {
  exercise_id: string;
  width_px: number;
  height_px: number;
  pose_model: string;
  height_m?: number;
  pain_now?: number;
  side?: "l" | "r";
  phone?: boolean;
  language?: string;
  ramp?: boolean;
  warm?: boolean;
}

export const begin = (wanted: NewSession): Promise<Opened> =>
  post("/api/sessions", wanted);
export const end = (id: string, key: string): Promise<unknown> =>
  post(`/api/sessions/${id}/end`, {}, { "x-key": key });

/** A sentence as a WAV file; null where this machine has no voice. */
export async function speech(text: string, language: string): Promise<ArrayBuffer | null> {
  const answer = await fetch("/api/speech", {
    method: "POST",
    credentials: "same-origin",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text, language }),
  }).catch(() => null);
  return answer?.ok ? answer.arrayBuffer() : null;
}
/** A session whose page is gone, or that was cut off. `effective_s` null: it is still open here. */
export interface Unfinished {
  session_id: string;
  exercise_id: string;
  plain_name: string;
  side: "l" | "r" | null;
  effective_s: number | null;
}

export const unfinished = (): Promise<Unfinished[]> => call("/api/sessions/unfinished");
export const goOn = (
  id: string,
  image: { width_px: number; height_px: number },
): Promise<Opened> => post(`/api/sessions/${id}/resume`, image);
/** `stopped`: it was, while nothing could hear it. `unwell`: whoever was led said so; the safety
 * questions come first then. */
export const leaveThere = (id: string, unwell = false, stopped = false): Promise<void> =>
  post(`/api/sessions/${id}/leave-there`, { unwell, stopped });
export const viewLink = (id: string, key: string): Promise<{ link: string }> =>
  post(`/api/sessions/${id}/view`, {}, { "x-key": key });
