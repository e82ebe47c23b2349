// The HTTP interface of this machine. Every refusal is a sentence that can be shown.

export class RefusedError extends Error {}

export async function call<T>(path: string, init: RequestInit = {}): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(path, { credentials: "same-origin", ...init });
  } catch {
    throw new RefusedError("Lengthwise is not running on this machine any more. Start it again.");
  }
  if (answer.status === 204) return undefined as T;
  const content = (await answer.json().catch(() => ({}))) as { detail?: unknown };
  if (!answer.ok) {
    const said = typeof content.detail === "string" ? content.detail : "That could not be done.";
    throw new RefusedError(said);
  }
  return content as T;
}

export function post<T>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<T> {
  return call<T>(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
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
}

export interface Exercise {
  id: string;
  name: string;
  plain_name: string;
  summary: string;
  view: "front" | "left" | "right";
  place: string;
  refusal: string | null;
}

export interface Totals {
  session_id: string;
  started_utc: string;
  duration_s: number;
  exercise_id: string | null;
  effective_s: number | null;
  uncertain_s: number | null;
  complete: boolean;
}

/** Turns the link's token into a cookie, and takes it out of the address. */
export async function enter(): Promise<void> {
  const token = new URLSearchParams(location.hash.slice(1)).get("enter");
  if (token === null) return;
  history.replaceState(null, "", location.pathname);
  await post("/api/enter", { token });
}

export const screening = (): Promise<Screening> => call("/api/screening");
export const answer = (
  version: number,
  answers: Record<string, string>,
): Promise<{ standing: Standing }> => post("/api/screening", { version, answers });
export const exercises = (): Promise<Exercise[]> => call("/api/exercises");
export const sessions = (): Promise<Totals[]> => call("/api/sessions");

export interface NewSession {
  exercise_id: string;
  width_px: number;
  height_px: number;
  pose_model: string;
  height_m?: number;
  pain_now?: number;
}

export const begin = (wanted: NewSession): Promise<{ session_id: string; key: string }> =>
  post("/api/sessions", wanted);
export const end = (id: string, key: string): Promise<Totals> =>
  post(`/api/sessions/${id}/end`, {}, { "x-key": key });
