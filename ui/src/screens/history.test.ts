// @vitest-environment node
import { describe, expect, it, vi } from "vitest";

vi.mock("lit", () => ({ LitElement: class {}, html: () => null, svg: () => null, nothing: null }));
vi.mock("lit/decorators.js", () => {
  const nothing = () => () => {};
  return { customElement: nothing, property: nothing, state: nothing, query: nothing };
});
vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => {} });
vi.stubGlobal("window", { innerWidth: 1280 });
vi.stubGlobal("document", { documentElement: { dataset: {} } });

const { angles, dated, percents, weekly } = await import("../parts/plots");
const { changesOf, linesOf, pullsOf, relaxedOf } = await import("./history");
const { fits } = await import("./today");

const past = (started_utc: string, effective_s: number | null, uncertain_s: number | null = null) => ({
  started_utc, effective_s, uncertain_s,
});

describe("weeks", () => {
  it("hold the seconds of their seven days and begin on a Monday", () => {
    const found = weekly(
      [past("2026-03-23T08:00:00Z", 90), past("2026-03-29T12:00:00Z", 30), past("2026-03-30T08:00:00Z", null)],
      new Date("2026-03-31T12:00:00Z"),
    );
    expect(found.map((w) => w.minutes)).toEqual([2, 0]);
    expect(found.every((w) => new Date(w.monday).getDay() === 1)).toBe(true);
  });

  it("keep what was held and could not be judged apart from what counts", () => {
    const found = weekly(
      [past("2026-03-23T08:00:00Z", 60, 30), past("2026-03-24T08:00:00Z", null, 90)],
      new Date("2026-03-25T12:00:00Z"),
    );
    expect(found.map((w) => [w.minutes, w.hollow])).toEqual([[1, 2]]);
  });

  it("without a session are there and empty", () => {
    const found = weekly([past("2026-03-02T08:00:00Z", 60)], new Date("2026-03-25T12:00:00Z"));
    expect(found.map((w) => w.minutes)).toEqual([1, 0, 0, 0]);
  });

  it("are none before the first session", () => {
    expect(weekly([], new Date("2026-03-25T12:00:00Z"))).toEqual([]);
  });
});

describe("lines", () => {
  it("join the sessions of one muscle, that of the most sessions first", () => {
    const reached = (name: string, ratio: number) => ({
      group: "g", side: "l" as const, name, ratio, sd: 0.05, since: null,
    });
    const of = (started_utc: string, ...all: ReturnType<typeof reached>[]) =>
      ({ started_utc, reached: all }) as unknown as Parameters<typeof linesOf>[0][number];
    const found = linesOf([of("1", reached("calf", 0.4)), of("2", reached("thigh", 0.5)), of("3", reached("thigh", 0.6))]);
    expect(found.map((l) => [l.name, l.points.map((p) => p.value)])).toEqual([
      ["thigh", [0.5, 0.6]],
      ["calf", [0.4]],
    ]);
  });
});

describe("pulls", () => {
  const result = (standard_nm: number | null, angle_deg: number, alike: string) => ({
    name: "Left hip bend", standard_nm, angle_deg, sd_deg: 3, alike,
  });
  const of = (started_utc: string, ...pulled: ReturnType<typeof result>[]) =>
    ({ started_utc, pulled, plain_name: `exercise ${started_utc}` }) as unknown as Parameters<typeof pullsOf>[0][number];

  it("join what is alike and never mix both results", () => {
    const found = pullsOf([
      of("1", result(30, 61, "a"), result(null, 78, "b")),
      of("2", result(30, 64, "a")),
      of("3", result(30, 90, "another exercise")),
    ]);
    expect(found.map((l) => l.points.map((p) => p.value))).toEqual([[61, 64], [78], [90]]);
    expect(found.map((l) => l.name)).toEqual([
      "Left hip bend at 30 N·m, exercise 1",
      "Left hip bend, tolerance",
      "Left hip bend at 30 N·m, exercise 3",
    ]);
  });

  it("leave an axis to what is drawn: five lines", () => {
    const five = ["a", "b", "c", "d", "e"].map((alike) => result(30, 60, alike));
    expect(angles(pullsOf([of("1", ...five, result(30, 160, "f"))])).high).toBe(70);
  });

  it("are drawn between whole tens around all of it", () => {
    const axis = angles(pullsOf([of("1", result(30, 61, "a")), of("2", result(30, 88, "a"))]));
    expect([axis.low, axis.high]).toEqual([50, 100]);
    expect(axis.marks.map(([, said]) => said)).toEqual(["50°", "75°", "100°"]);
    const one = angles(pullsOf([of("1", { ...result(30, 60, "a"), sd_deg: 0 })]));
    expect(one.high).toBeGreaterThan(one.low);
  });
});

describe("what goes of a pull", () => {
  const result = (loss_ratio: number, alike: string, per_week: number | null = null, surely = false) => ({
    name: "Left hip bend", angle_deg: 62.4, held_s: 30, loss_ratio, sd: 0.03, alike, per_week,
    per_week_sd: per_week === null ? null : 0.002, surely,
  });
  const of = (started_utc: string, ...relaxed: ReturnType<typeof result>[]) =>
    ({ started_utc, relaxed, plain_name: "On the back" }) as unknown as Parameters<typeof relaxedOf>[0][number];

  it("joins alike holds only, in percent of the pull, each with its sd", () => {
    const found = relaxedOf([of("1", result(0.2, "a"), result(0.3, "b")), of("2", result(0.24, "a")), of("3")]);
    expect(found.map((l) => l.points.map((p) => Math.round(p.value)))).toEqual([[20, 24], [30]]);
    expect(found[0]?.points[0]?.sd).toBeCloseTo(3);
    expect(found[0]?.name).toBe("Left hip bend at 62°, On the back");
    expect(percents(found).marks.map(([, said]) => said)).toEqual(["10 %", "25 %", "40 %"]);
  });

  it("is none where nothing measured it", () => {
    expect([relaxedOf([of("1")]), changesOf([of("1")])]).toEqual([[], []]);
  });

  it("tells more or less only where it is none of chance", () => {
    const said = (per_week: number, surely: boolean) => changesOf([of("1", result(0.2, "a", per_week, surely))])[0];
    expect(said(0.006, true)).toContain("0.6 % of the pull a week more");
    expect(said(-0.006, true)).toContain("0.6 % of the pull a week less");
    expect(said(-0.003, false)).toContain("no change beyond chance (−0.3 % a week, ± 0.4)");
    expect(changesOf([of("1", result(0.2, "a"))])).toEqual([]);
  });
});

describe("a search", () => {
  const chair = {
    plain_name: "Back of the thigh, on a chair", name: "Seated hamstring stretch", summary: "Lengthens it.",
    area: "thigh_back", place: "chair", equipment: ["strap"],
  } as unknown as Parameters<typeof fits>[0];

  it("wants each word somewhere, in any order, and the place", () => {
    expect(fits(chair, "HAMSTRING chair", "")).toBe(true);
    expect(fits(chair, "strap", "chair")).toBe(true);
    expect(fits(chair, "", "floor")).toBe(false);
    expect(fits(chair, "hamstring calf", "")).toBe(false);
  });
});

describe("days below a plot", () => {
  it("stand there once each, and no more than fit", () => {
    const one = ["2026-11-30T06:00:00Z", "2026-11-30T07:00:00Z", "2026-11-30T08:00:00Z"];
    expect(dated(one, 7).filter((d) => d !== null)).toHaveLength(1);
    const many = Array.from({ length: 20 }, (_, i) => `2026-11-${String(i + 1).padStart(2, "0")}T12:00:00Z`);
    expect(dated(many, 7).filter((d) => d !== null)).toHaveLength(7);
    expect(dated([...one, "2026-12-01T06:00:00Z"], 7).filter((d) => d !== null)).toHaveLength(2);
  });
});
