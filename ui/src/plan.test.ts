import { describe, expect, it } from "vitest";
import { AT_HAND, doseRatios, given, heldBack, type Item, ledSide, left, type Muscle, toggled, type TodayPlan } from "./plan";

const item = (exercise_id: string, more: Partial<Item> = {}): Item => ({
  exercise_id,
  plain_name: exercise_id,
  name: exercise_id,
  sides: [],
  purpose: "length",
  rounds: 2,
  takes_s: 100,
  why: "",
  would_change: "",
  words: { rules: [], evidence: [] },
  liked: false,
  not_now: [],
  done: false,
  ...more,
});
const today = (...items: Item[]): TodayPlan => ({
  date: "2026-01-31",
  pain: null,
  change: null,
  activity_lost: null,
  check_in: false,
  questions: [],
  decided: { move: "stay", reason: "", would_change: "", words: { rules: [], evidence: [] } },
  level: 2,
  volume: 1,
  held: false,
  easy: false,
  planned: true,
  day_off: false,
  items,
});

describe("what is given today", () => {
  it("is nothing that has a reason against it, in the order of the plan", () => {
    const found = given(today(item("a"), item("b", { not_now: ["It waits."] }), item("c")));
    expect(found.map((i) => i.exercise_id)).toEqual(["a", "c"]);
  });

  it("is not led once more when it was done", () => {
    const day = today(item("a", { done: true }), item("b"));
    expect(given(day)).toHaveLength(2);
    expect(left(day).map((i) => i.exercise_id)).toEqual(["b"]);
  });

  it("and what is held back is said once for each reason", () => {
    const held = heldBack(
      today(item("a", { not_now: ["It waits.", "Other."] }), item("b"), item("c", { not_now: ["It waits."] })),
    );
    expect([...held].map(([reason, items]) => [reason, items.length])).toEqual([["It waits.", 2]]);
  });
});

describe("the side that is led", () => {
  it("is the one of a single side, and none where both are done or both work at once", () => {
    expect(ledSide(item("a", { sides: ["r"] }))).toBe("r");
    expect(ledSide(item("a", { sides: ["l", "r"] }))).toBeNull();
    expect(ledSide(item("a"))).toBeNull();
  });
});

describe("a muscle's week", () => {
  const m = (week_s: number): Muscle => ({ name: "", finding: "", week_s, floor_s: 300, full_s: 600 });

  it("lies between nothing and where more brings nothing", () => {
    expect(doseRatios(m(150))).toEqual({ week: 0.25, floor: 0.5 });
    expect(doseRatios(m(0)).week).toBe(0);
    expect(doseRatios(m(900)).week).toBe(1);
  });
});

describe("a choice of several", () => {
  it("keeps its order, and what is not known is not taken up", () => {
    expect(toggled(AT_HAND, ["mat"], "chair")).toEqual(["chair", "mat"]);
    expect(toggled(AT_HAND, ["chair", "mat"], "chair")).toEqual(["mat"]);
  });
});
