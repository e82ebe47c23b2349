// A ladder of steps and the breaks of a working day, as the program keeps them.
import { call, post } from "./api";

export interface Named {
  id: string;
  name: string;
}

export interface Ladder {
  ladders: Named[];
  rungs: Named[];
  offered: string;
  rung: string | null;
  reason: string;
  would_change: string;
  lines: string[];
  tried: { on: string; text: string; expected: number | null; actual: number | null }[];
}

export interface Breaks {
  told: { from_min: number; until_min: number; desk: string; sitting_h: number | null; pauses: { at_min: number; minutes: number }[] } | null;
  lines: string[];
  reason: string;
  would_change: string;
}

export interface Day {
  from_min: number;
  until_min: number;
  desk: string;
  lunch_at_min: number | null;
  sitting_h: number | null;
}

export const DESKS = ["sitting", "sit_stand", "standing", "on_the_move"] as const;
export const ladder = (): Promise<Ladder> => call("/api/ladder");
export const chooseLadder = (id: string): Promise<Ladder> => post("/api/ladder", { ladder: id });
export interface Tried {
  rung: string;
  expected: number | null;
  confidence: number | null;
  actual: number | null;
  stopped: boolean;
}
export const tellTried = (tried: Tried): Promise<Ladder> => post("/api/ladder/tried", { ...tried });
export const breaks = (): Promise<Breaks> => call("/api/workday");
export const tellDay = (day: Day): Promise<Breaks> => post("/api/workday", day);

/** Minutes of the day as a clock says them, and back; null where it is no time. */
export function clock(min: number): string {
  return `${String(Math.floor(min / 60)).padStart(2, "0")}:${String(min % 60).padStart(2, "0")}`;
}
export function minutesOf(said: string): number | null {
  const [, h, m] = /^(\d{2}):(\d{2})$/.exec(said) ?? [];
  return h === undefined || m === undefined ? null : 60 * Number(h) + Number(m);
}
