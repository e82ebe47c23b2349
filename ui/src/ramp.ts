// A ramp to tolerance before it is begun: what is against it, what is still asked, and how far one goes.
import type { Exercise } from "./api";
import { call } from "./api";
import type { Side } from "./plan";

export interface Refused {
  bar: string;
  why: string;
  change: string;
}

/** `side` null: both at once. `place`: what it lengthens, in plain anatomy. */
export interface SideOffered {
  side: Side | null;
  place: string;
  refusals: Refused[];
}

/** `open`: without it nothing is begun. */
export interface Asked {
  name: string;
  ask: string;
  why: string;
  options: Record<string, string>;
  most: number | null;
  value: string | null;
  open: boolean;
}

export interface Offered {
  exercise_id: string;
  sides: SideOffered[];
  questions: Asked[];
}

export const offered = (exercise: Exercise): Promise<Offered> => call(`/api/exercises/${exercise.id}/ramp`);

/** What is against it: of the side that was chosen, before that what holds for every side. */
export function against({ sides }: Offered, side: Side | null): Refused[] {
  const chosen = sides.find((s) => s.side === side);
  if (chosen !== undefined) return chosen.refusals;
  const [first, ...others] = sides;
  return (first?.refusals ?? []).filter((r) => others.every((s) => s.refusals.some((x) => x.bar === r.bar)));
}

/** Whether it is done on one side at a time, so that one has to be chosen. */
export const sided = ({ sides }: Offered): boolean => sides.some((s) => s.side !== null);

/** Why it cannot be begun now; null: it can. */
export function waitsFor(offer: Offered, side: Side | null): "refused" | "open" | "side" | null {
  if (against(offer, side).length > 0) return "refused";
  if (offer.questions.some((q) => q.open)) return "open";
  return sided(offer) && side === null ? "side" : null;
}

/** What counts of the pain now; null: not told. */
export function painNow({ questions }: Offered): number | null {
  const told = questions.find((q) => q.name === "pain_now")?.value ?? null;
  return told === null ? null : Number(told);
}

/** How far joints go, as five checks: the first four of a side each, the last of both together. */
export const CHECKS = ["finger", "thumb", "elbow", "knee", "palms"] as const;
export type Check = (typeof CHECKS)[number];
export const mostOf = (check: Check): number => (check === "palms" ? 1 : 2);

/** Out of nine; null while one of them is not told: none of them is taken as no. */
export function score(told: Partial<Record<Check, number>>): number | null {
  const points = CHECKS.map((check) => told[check]);
  return points.some((n) => n === undefined) ? null : points.reduce<number>((sum, n) => sum + (n ?? 0), 0);
}
