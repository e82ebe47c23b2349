// What goes between this page and a session. The same names as `contracts/wire.py`; a test on that
// side holds both together.
import { decode, encode } from "@msgpack/msgpack";

export const WIRE_VERSION = 1;
export const LANDMARKS = 33;
export const LANDMARK_COLUMNS = 7;

export type Phase =
  | "get_ready"
  | "ease_in"
  | "hold"
  | "release"
  | "switch_side"
  | "rest"
  | "paused"
  | "done"
  | "stopped";

export type WordKind =
  | "first_resistance"
  | "tolerance"
  | "pause"
  | "resume"
  | "skip"
  | "stop"
  | "pain"
  | "sensation"
  | "leg_symptom"
  | "dizzy"
  | "postpone"
  | "repeat"
  | "reach"
  | "changed";

export interface Estimate {
  mean: number;
  sd: number;
}

export interface Question {
  id: "sensation" | "pain" | "reach" | "changed";
  text: string;
  short: string | null;
  language: string;
  least: number;
  most: number;
}

export interface Guidance {
  t_s: number;
  phase: Phase;
  exercise_id: string;
  side: "l" | "r" | null;
  repetition: number;
  repetitions: number;
  phase_s: number;
  effective_s: number;
  uncertain_s: number;
  hold_target_s: number;
  in_window: boolean | null;
  gauge: Estimate | null;
  waiting_for: string[];
  cue_text: string | null;
  cue_language: string | null;
  cue_id: string | null;
  cycles: number | null;
  unsure_cycles: number | null;
  screening_needed: boolean;
  breath: { phase: "in" | "out"; progress: number; phase_s: number } | null;
  question: Question | null;
  countdown: number | null;
  /** A retention check: how long it has lasted (`phase_s`) is shown, and nothing of what counts. */
  uncued: boolean;
}

export interface Decision {
  t_s: number;
  kind: string;
  phase: Phase;
  side: "l" | "r" | null;
  reasons: { id: string; numbers: Record<string, number> }[];
  cue_id: string | null;
  text: string | null;
  short: string | null;
  earcon: string | null;
  language: string | null;
}

export type ToSession =
  | { type: "hello"; version: typeof WIRE_VERSION; key: string }
  | { type: "landmarks"; seq: number; t_s: number; people: number; values: Uint8Array }
  | { type: "word"; seq: number; kind: WordKind; value: number | null }
  | { type: "clock"; sent_s: number; last: [number, number, number] | null }
  | { type: "credit"; views: number };

/** Where a ramp to tolerance stands; see `RampView` of `contracts/wire.py`. */
export interface RampView {
  part: "warming" | "ready" | "pulling" | "stepping" | "waiting" | "back" | "resting" | "over";
  number: number;
  of: number;
  warm_s: number | null;
  warm_needed_s: number | null;
  rest_s: number | null;
}

export interface View {
  type: "view";
  seq: number;
  t_s: number;
  guidance: Guidance | null;
  angles: Uint8Array;
  unseen: string[];
  muscles: Uint8Array;
  turned_away: Record<string, number>;
  /** Of a session that leads a ramp to tolerance. */
  ramp: RampView | null;
}

/** The person's own windows in range fractions; NaN where nothing of theirs is known. */
export interface WindowEdges {
  first: number;
  lower: number;
  upper: number;
  ceiling: number;
  tolerance: number;
}
const EDGES = 5;

export function windowEdges(bytes: Uint8Array): WindowEdges[] {
  const all = floats(bytes);
  return Array.from({ length: all.length / EDGES }, (_, i) => {
    const [first = NaN, lower = NaN, upper = NaN, ceiling = NaN, tolerance = NaN] = all.subarray(
      EDGES * i,
      EDGES * (i + 1),
    );
    return { first, lower, upper, ceiling, tolerance };
  });
}

/** Why a band does not pull now. */
export type BandWhy =
  | "stopped"
  | "not_this_exercise"
  | "not_this_joint"
  | "no_window"
  | "barred"
  | "no_link"
  | "fault"
  | "said_nothing"
  | "not_in_hold"
  | "eased"
  | "not_deeper"
  | "no_position"
  | "grip_open"
  | "grip_anew";

/** A band that this session may drive. */
export interface BandView {
  type: "band";
  t_s: number;
  pulls: boolean;
  force_n: number | null;
  cap_n: number;
  grip: boolean | null;
  slack: boolean;
  lead: "window" | "force" | null;
  why_not: BandWhy | null;
  bars: string[];
}

export type FromSession =
  | { type: "welcome"; version: number; session_id: string; resumed: boolean; waits_s: number }
  | { type: "clock_answer"; sent_s: number; answered_s: number }
  | View
  | { type: "windows"; edges: Uint8Array }
  | BandView
  | { type: "told"; seq: number; decision: Decision }
  | { type: "refused"; what: string; count: number }
  | { type: "over"; session_id: string; complete: boolean; why: string | null; code?: string | null; values?: Record<string, string | number> };

export function toBytes(message: ToSession): Uint8Array<ArrayBuffer> {
  // A copy: the encoder's own buffer is used again.
  return new Uint8Array(encode(message));
}

export function fromBytes(raw: ArrayBuffer): FromSession {
  return decode(new Uint8Array(raw)) as FromSession;
}

/** Numbers of a message; msgpack hands out bytes that need not lie on a multiple of four. */
export function floats(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.slice().buffer);
}
