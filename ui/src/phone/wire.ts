// What goes between this phone and the computer. The same names as `contracts/phone_wire.py`; a test
// on that side holds both together.
import { decode, encode } from "@msgpack/msgpack";

export const MOTION_COLUMNS = 7;
export const MOST_SAMPLES = 60;
/** So long readings are kept while the computer is not heard, and no more than so many. */
export const KEPT_S = 30;
export const MOST_KEPT = 2400;

export type Says =
  | "wait"
  | "wear"
  | "keep_still"
  | "worn_otherwise"
  | "worn_well"
  | "going_on"
  | "between"
  | "over";

export type ToComputer =
  | { type: "clock"; sent_s: number; last: [number, number, number] | null }
  | { type: "motion"; seq: number; values: Uint8Array };

export interface Paired {
  type: "paired";
  token: string;
}

export interface Heard {
  type: "heard";
  clock: { sent_s: number; answered_s: number } | null;
  received: number;
  refused: number;
  rate_hz: number | null;
  says: Says;
  place: string | null;
}

export const toBytes = (message: unknown): Uint8Array<ArrayBuffer> => new Uint8Array(encode(message));
export const fromBytes = <T>(raw: ArrayBuffer): T => decode(new Uint8Array(raw)) as T;
