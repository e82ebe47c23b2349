// The plan as the program keeps it. Its sentences come from there, in English.
import { call, post } from "./api";

export type Side = "l" | "r";
export const APART = ["short_night", "strained", "on_feet"] as const;
export type Apart = (typeof APART)[number];
export type Change = "better" | "same" | "worse";
export const TIGHT_PLACES = ["hip_front", "thigh_back", "buttock", "low_back"] as const;
export const AT_HAND = ["chair", "mat", "bed", "strap", "step", "weight"] as const;
export const PLACES = ["floor", "bed", "chair", "standing", "desk"] as const;

export interface Tight {
  place: string;
  side: Side;
}

export interface Intake {
  usual_nrs: number | null;
  where: string;
  movement: string;
  activity: string;
  minutes_a_day: number;
  at_hand: string[] | null;
  kneel: boolean | null;
  floor: boolean | null;
  tight: Tight[];
  places: string[];
}

export interface Told extends Intake {
  liked: string[];
  left_out: string[];
}

export interface Words {
  rules: string[];
  evidence: string[];
}

export interface Item {
  exercise_id: string;
  plain_name: string;
  name: string;
  sides: Side[];
  purpose: string;
  rounds: number;
  takes_s: number;
  why: string;
  would_change: string;
  words: Words;
  liked: boolean;
  not_now: string[];
  /** It was led today. */
  done: boolean;
}

export interface Looked {
  action: string;
  reason: string;
  would_change: string;
  rules: string[];
  evidence: string[];
}

export interface TodayPlan {
  date: string;
  pain: number | null;
  change: Change | null;
  activity_lost: boolean | null;
  check_in: boolean;
  questions: string[];
  decided: { move: string; reason: string; would_change: string; words: Words };
  level: number;
  volume: number;
  held: boolean;
  easy: boolean;
  planned: boolean;
  day_off: boolean;
  items: Item[];
  looked_back?: Looked | null;
  /** What sets it apart from most days; null: not told. */
  apart?: Apart[] | null;
  /** Why it has less by that. */
  lessened?: Looked[];
}

export interface Muscle {
  name: string;
  finding: string;
  week_s: number;
  floor_s: number;
  full_s: number;
}

export interface WeekPlan {
  days: { date: string; today: boolean; names: string[]; takes_s: number; day_off: boolean }[];
  muscles: Muscle[];
  unmet: string[];
  bars: string[];
  /** Left out only because nobody has told yet whether it holds. */
  open_bars: string[];
  edited: string[];
}

export interface Question {
  name: string;
  ask: string;
  why: string;
  options: Record<string, string>;
  most: number | null;
  value: string | null;
}

export interface Plan {
  intake: Told | null;
  questions: Question[];
  today: TodayPlan | null;
  week: WeekPlan | null;
}

export interface Kept {
  at_utc: string;
  kind: string;
  action: string;
  sentence: string;
  would_change: string;
  rule_ids: string[];
  evidence_ids: string[];
  words: Words;
}

export interface Said {
  pain?: number;
  change?: Change;
  activity_lost?: boolean;
  answers?: Record<string, string>;
  apart?: Apart[];
}

export const plan = (): Promise<Plan> => call("/api/plan");
export const planHistory = (): Promise<Kept[]> => call("/api/plan/history");
export const tellIntake = (told: Intake & { answers: Record<string, string> }): Promise<Plan> =>
  post("/api/plan/intake", told);
/** With nothing said the day is opened. */
export const tellDay = (said: Said): Promise<Plan> => post("/api/plan/day", said);
export const tellFlare = (): Promise<Plan> => post("/api/plan/flare", {});
export const tellLooked = (who: string): Promise<Plan> => post("/api/plan/looked", { who });
export const wish = (exercise_id: string, wished: string): Promise<Plan> =>
  post("/api/plan/wish", { exercise_id, wish: wished });

export interface Taught {
  next: string;
  unlocked: { plain_name: string; opening: "closed" | "led" | "home" | "alone"; reason: string; would_change: string }[];
  track: Track;
  flare_plan: WorseDays;
}
export const TRACKS = ["clinician", "self_taught"] as const;
export type Track = (typeof TRACKS)[number];
export const WORSE_DAYS = ["calms", "less", "ask"] as const;
export type WorseDays = Record<(typeof WORSE_DAYS)[number], string>;
export const taught = (): Promise<Taught> => call("/api/teaching");
export const tellLearning = (told: Partial<WorseDays> & { track?: Track }): Promise<Taught> => post("/api/teaching", told);

/** The questions that are asked each day; "none of these" answers them all. */
export const DAILY = ["flare", "irritable", "leg_sign"];

/** What may be given now, in the order of doing it. */
export function given(today: TodayPlan): Item[] {
  return today.items.filter((item) => item.not_now.length === 0);
}

/** What of it is still to be done today. */
export function left(today: TodayPlan): Item[] {
  return given(today).filter((item) => !item.done);
}

/** Of a single side the one that is led; null where both are, or both work at once. */
export function ledSide(item: Item): Side | null {
  return item.sides.length === 1 ? (item.sides[0] ?? null) : null;
}

/** Reasons with what they hold back, each reason once: one sentence for ten exercises, not ten. */
export function heldBack(today: TodayPlan): Map<string, Item[]> {
  const found = new Map<string, Item[]>();
  for (const item of today.items) {
    const reason = item.not_now[0];
    if (reason === undefined) continue;
    found.set(reason, [...(found.get(reason) ?? []), item]);
  }
  return found;
}

/** Where a muscle's week lies on a line that ends where more brings nothing; 0 to 1. */
export function doseRatios(m: Muscle): { week: number; floor: number } {
  const part = (s: number): number => Math.min(Math.max(s / m.full_s, 0), 1);
  return { week: part(m.week_s), floor: part(m.floor_s) };
}

export function emptyIntake(): Intake {
  return {
    usual_nrs: null,
    where: "",
    movement: "",
    activity: "",
    minutes_a_day: 10,
    at_hand: null,
    kneel: null,
    floor: null,
    tight: [],
    places: [],
  };
}

/** A list with something in it or out of it, in the order of all there is. */
export function toggled<T>(all: readonly T[], now: readonly T[], one: T): T[] {
  return all.filter((each) => (each === one ? !now.includes(each) : now.includes(each)));
}
