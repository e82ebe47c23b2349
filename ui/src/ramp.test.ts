import { describe, expect, it } from "vitest";
import { against, type Asked, type Offered, painNow, score, waitsFor } from "./ramp";
import { framed, shows } from "./ramp-view";
import type { RampView } from "./wire";

const asked = (name: string, value: string | null, open = value === null): Asked => ({
  name, ask: "", why: "", options: {}, most: null, value, open,
});
const bar = (name: string) => ({ bar: name, why: name, change: "" });
const offer = (l: string[], r: string[], questions: Asked[] = []): Offered => ({
  exercise_id: "lunge",
  sides: [
    { side: "l", place: "", refusals: l.map(bar) },
    { side: "r", place: "", refusals: r.map(bar) },
  ],
  questions,
});

describe("what is against a ramp", () => {
  it("is of the side that was chosen, and before that what holds for both", () => {
    const some = offer(["both_done", "flare"], ["flare"]);
    expect(against(some, "l").map((r) => r.bar)).toEqual(["both_done", "flare"]);
    expect(against(some, "r").map((r) => r.bar)).toEqual(["flare"]);
    expect(against(some, null).map((r) => r.bar)).toEqual(["flare"]);
  });

  it("keeps it from being begun, as does an open question and no side", () => {
    expect(waitsFor(offer(["flare"], []), "l")).toBe("refused");
    expect(waitsFor(offer([], [], [asked("flare", null)]), "l")).toBe("open");
    expect(waitsFor(offer([], []), null)).toBe("side");
    expect(waitsFor(offer(["both_done"], []), "r")).toBe(null);
    const both: Offered = { exercise_id: "straddle", sides: [{ side: null, place: "", refusals: [] }], questions: [] };
    expect(waitsFor(both, null)).toBe(null);
  });
});

describe("how far joints go", () => {
  it("is not known before each check is told, and never more than nine", () => {
    expect(score({})).toBe(null);
    expect(score({ finger: 0, thumb: 0, elbow: 0, knee: 0 })).toBe(null);
    expect(score({ finger: 0, thumb: 0, elbow: 0, knee: 0, palms: 0 })).toBe(0);
    expect(score({ finger: 2, thumb: 2, elbow: 2, knee: 2, palms: 1 })).toBe(9);
  });
});

describe("the pain now", () => {
  it("is none where it was not told", () => {
    expect(painNow(offer([], []))).toBe(null);
    expect(painNow(offer([], [], [asked("pain_now", "0")]))).toBe(0);
  });
});

describe("a ramp on the screen", () => {
  const at = (part: RampView["part"]): RampView => ({ part, number: 1, of: 2, warm_s: null, warm_needed_s: null, rest_s: null });

  it("is shown only while one is led: what follows it is led as ever", () => {
    expect(shows(null)).toBe(false);
    expect(shows(undefined)).toBe(false); // told by an older program
    expect(shows(at("pulling"))).toBe(true);
    expect(shows(at("over"))).toBe(true);
  });

  it("asks for the word that is meant now, and for none where nothing is pulled", () => {
    expect(framed(at("pulling"))).toBe("first_resistance");
    expect(framed(at("stepping"))).toBe("tolerance");
    expect(framed(at("waiting"))).toBe("tolerance");
    for (const part of ["warming", "ready", "back", "resting", "over"] as const) expect(framed(at(part))).toBe(null);
  });
});
