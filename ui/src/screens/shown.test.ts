import { beforeAll, expect, it, vi } from "vitest";
import type { Shown } from "./shown";

vi.mock("../body/view", () => ({}));
vi.mock("../parts/second-screen", () => ({}));
vi.stubGlobal("localStorage", { getItem: () => null });
vi.stubGlobal("document", { documentElement: { lang: "", dataset: {} }, createTreeWalker: () => ({}) });

let buttons: (s: Shown) => unknown;
let shown: (s: Shown) => unknown;
beforeAll(async () => ({ buttons, shown } = await import("./shown")));

const STANDS = { over: false, gone: false, stopping: { unkept: false }, connected: true, places: false, begun: false, guidance: null, counting: { now: null }, seeking: { told: [], open: false, way: null } };
const offered = (more: object): string =>
  JSON.stringify(buttons({ ...STANDS, eyes: { blind: "" }, chosen: { exercise: {} }, ...more } as never));

it("who stopped while it opens finds the way back, and nothing that cannot be heard", () => {
  expect(offered({ stopped: false })).toContain("Pause");
  expect(offered({ stopped: true })).toContain("Back to today");
  expect(offered({ stopped: true })).not.toContain("Pause");
});

it("who rests is offered to go on first, and no pull", () => {
  const rests = offered({ stopped: false, guidance: { phase: "paused" } });
  for (const word of ["Stop", "Go on", "dizzy"]) expect(rests).toContain(word);
  for (const word of ["First gentle pull", "Far enough"]) expect(rests).not.toContain(word);
  expect(offered({ stopped: false, guidance: { phase: "hold" } })).toContain("First gentle pull");
});

it("nothing leads on while the way out of the fog is looked for, and Stop stays", () => {
  const offers = offered({ stopped: false, seeking: { open: true, way: "place" } });
  for (const word of ["Stop", "dizzy"]) expect(offers).toContain(word);
  for (const word of ["Go on", "Next", "Once more", "Far enough"]) expect(offers).not.toContain(word);
});

/** A template as it is written, with what is put into it in its place. */
function written(value: unknown): string {
  if (Array.isArray(value)) return value.map(written).join("");
  const { strings, values } = (value ?? {}) as { strings?: string[]; values?: unknown[] };
  if (strings === undefined || values === undefined) return typeof value === "string" ? value : "";
  return strings.map((text, i) => text + written(values[i])).join("");
}

const whole = (more: object): string =>
  written(
    shown({
      ...STANDS, led: true, body: null, finding: null, waiting: {}, eyes: { blind: "", light: true }, trouble: "", voice: { caption: "", past: false }, shortened: null, switches: {}, edges: [],
      chosen: { exercise: { plain_name: "" }, of: 1 }, ...more,
    } as never),
  );
const fog = (way: string | null) => ({ open: true, way, told: [{ part: "foot_l", name: "Left foot", why: "", clear: "", way }] });
const order = (all: string, ...parts: string[]): number[] => parts.map((part) => all.indexOf(part));

it("what a band does stands first: below the ring of a laptop's screen nobody sees it", () => {
  for (const seeking of [STANDS.seeking, fog(null), fog("phone"), fog("place"), fog("sensors")]) {
    const found = order(whole({ seeking }), '<div class="side">', "<lw-band>", "<lw-phone slim", "<lw-devices slim");
    expect(found).not.toContain(-1);
    expect(found).toEqual([...found].sort((a, b) => a - b));
  }
});

it("what is only told of the fog stands below what leads on, and the cue stays", () => {
  const guidance = { phase: "hold", side: null, waiting_for: [] };
  const [led, told] = [whole({ guidance }), whole({ guidance, seeking: fog(null) })];
  const leads = led.slice(led.indexOf("<lw-band>"), led.indexOf("<lw-phone slim"));
  expect(leads).toContain("<lw-");
  expect(told).toContain(leads);
  expect(told.indexOf('class="clearing"')).toBeGreaterThan(told.indexOf("<lw-devices slim"));
  expect(told).toContain("data-seeks=nothing");
});

it("nothing gives way for a panel that is not shown", () => {
  for (const more of [{ led: false, connected: false }, { led: false, stopped: true }, { over: true }, { led: false, gone: true }]) {
    const all = whole({ seeking: fog("place"), ...more });
    expect(all).not.toContain("data-seeks=place");
    expect(all).not.toContain('class="clearing"');
    expect(all).toContain("data-large=body");
  }
});

it("a number that goes on standing is no count, and lies over nobody", async () => {
  const { Counting } = await import("./instruction");
  const counting = new Counting();
  const seen = ([[3, 0], [2, 1], [1, 2], [1, 3.4], [1, 3.6], [1, 20], [null, 20.5], [1, 21]] as const).map(([n, t_s]) => {
    counting.take(n, t_s);
    return counting.now;
  });
  expect(seen).toEqual([3, 2, 1, 1, null, null, null, 1]);
});

const STOP = { phase: "stopped" as const, text: "Whole. Seek help at once.", short: "Come back slowly.", reasons: [{ id: "stop.person", numbers: {} as Record<string, number> }] };

it("a stop that is asked for again is said in short within half an hour; what was noticed never is", async () => {
  const { StopsSaid } = await import("./instruction");
  const [said, minute] = [new StopsSaid(), 60_000];
  expect([0, 20, 29, 31].map((at) => said.again(STOP, at * minute))).toEqual([false, true, true, false]);
  const leg = { ...STOP, text: "Leg.", reasons: [{ id: "symptom.leg", numbers: {} }] };
  expect([0, 1].map((at) => said.again(leg, at * minute))).toEqual([false, false]);
});

it("the whole of a stop said in short is one tap away on the same page", () => {
  const guidance = { phase: "stopped", side: null, waiting_for: [], cue_text: STOP.text, cue_language: "en" };
  const page = (again: boolean, floor = false): string =>
    whole({ over: true, floor, guidance, shortened: { of: STOP.text, short: STOP.short, again } });
  expect(page(false)).toContain(`>${STOP.text}`);
  expect(page(false)).not.toContain("<details");
  for (const brief of [page(true), page(false, true)])
    expect(order(brief, `>${STOP.short}`, "<details", STOP.text).every((at) => at >= 0)).toBe(true);
});
