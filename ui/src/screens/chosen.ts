// What is led: one exercise of a row, for whom; and the row, kept for a page that is loaded anew.
import type { Exercise } from "../api";
import { keep, keptIds } from "../kept";
import type { Routine } from "./today";

const ROW = "row";

export interface Chosen {
  exercise: Exercise;
  /** The one side that is led; null: both, or both at once. */
  side: "l" | "r" | null;
  heightM: number;
  painNow: number | null;
  /** In place of holds a ramp to tolerance; null: none. */
  ramp: { warm: boolean } | null;
  number: number;
  of: number;
}

export function chosen(routine: Routine | null, at: number, heightM: number): Chosen | null {
  const exercise = routine?.exercises[at];
  if (routine === null || exercise === undefined) return null;
  const { painNow, exercises, sides, ramp = null } = routine;
  const side = sides?.[exercise.id] ?? null;
  return { exercise, side, heightM, painNow, ramp, number: at + 1, of: exercises.length };
}

export function keepRow(row: Exercise[]): void {
  keep(ROW, JSON.stringify(row.map((e) => e.id)), "tab");
}

/** From that exercise on; it alone where no row with it is kept. */
export function restOfRow(from: Exercise, known: Exercise[]): Exercise[] {
  const kept = keptIds(ROW, "tab").flatMap((id) => known.filter((e) => e.id === id));
  const at = kept.findIndex((e) => e.id === from.id);
  return at < 0 ? [from] : kept.slice(at);
}
