// Guided tests as the program keeps them. Its sentences come from there, in English.
import { call, type Exercise, post, type Way } from "./api";
import type { Side } from "./plan";

/** `ready`: the camera is enough; `phone`: with a phone worn; `more`: more sensors; `none`: none does. */
export type Reach = "ready" | "phone" | "more" | "none";

/** `named`: it has a name on this machine and is not heard; `phone`: a phone can be it. */
export interface Sensor {
  name: string;
  has: boolean;
  named: boolean;
  phone: boolean;
}

export interface Test {
  id: string;
  result: string;
  plain_name: string;
  name: string;
  summary: string;
  way: string;
  taken: Way;
  sides: boolean;
  place: string;
  equipment: string[];
  screen_visible: boolean;
  about_s: number;
  view: "front" | "left" | "right";
  wanted: boolean;
  why: string;
  reach: Reach;
  sensors: Sensor[];
  /** The one side that there are sensors on; null: both, or both at once. */
  led_side: Side | null;
  wear: string;
  not_now: string[];
  open: string;
}

export interface Found {
  side: Side | null;
  verdict: string;
  amount: string;
  repeat: string;
  norm: string;
  counts: string;
  days: number;
}

export interface Row {
  place: number;
  date: string;
  says: string[];
  typed: boolean;
  counts: boolean;
  side: Side | null;
  value: number | null;
}

export interface Measured {
  result: string;
  name: string;
  unit: "deg" | "s";
  sides: boolean;
  needs_control: boolean;
  asks_symptom: boolean;
  least: number;
  most: number;
  found: Found[];
  rows: Row[];
}

export interface Tests {
  tests: Test[];
  measured: Measured[];
  directions: string[];
  age_years: number | null;
  sex: "female" | "male" | null;
  planned: boolean;
}

export interface Taken {
  session_id: string;
  name: string;
  /** What the number is of. */
  shows: string;
  place: number;
  told: string[];
  found: Found[];
  taken: boolean;
}

export interface Typed {
  test: string;
  side: Side | null;
  value: number;
  controlled: boolean | null;
  symptom: boolean | null;
  replaces: number | null;
}

export const tests = (): Promise<Tests> => call("/api/tests");
export const tellTyped = (typed: Typed): Promise<Tests> => post("/api/tests/typed", typed);
export const takeBack = (place: number): Promise<Tests> => post("/api/tests/taken-back", { place });
export const tellWho = (who: { age_years?: number; sex?: string }): Promise<Tests> => post("/api/tests/who", who);
export const taken = (id: string): Promise<Taken> => post(`/api/tests/${id}/taken`, {});

/** Those that can be led here, those to do next first; and those that need what is not here. */
export function sorted(all: Test[]): { here: Test[]; elsewhere: Test[] } {
  const here = all.filter((x) => x.reach === "ready" || x.reach === "phone");
  // As they come: what can be done now stands before what needs a phone, each with what is next first.
  return {
    here,
    elsewhere: all.filter((x) => !here.includes(x)),
  };
}

/** As whatever is led, for the screen of a session. */
export function led(test: Test): Exercise {
  const { id, name, plain_name, summary, view, place, equipment, screen_visible, about_s, taken } = test;
  return {
    id, name, plain_name, summary, view, place, equipment, screen_visible, about_s,
    posture: "", area: "", kind: "test", bilateral: test.sides, refusal: null, left_out: [], way: taken,
  };
}
