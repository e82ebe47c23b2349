import { beforeAll, expect, it, vi } from "vitest";
import type { Told, Way } from "../body/parts";
import type { Seeking } from "./seeking";

vi.stubGlobal("localStorage", { getItem: () => null });
vi.stubGlobal("document", { documentElement: { lang: "", dataset: {} }, createTreeWalker: () => ({}) });

let made: typeof Seeking;
let clearing: (s: never) => unknown;
beforeAll(async () => ({ Seeking: made, clearing } = await import("./seeking")));

function page(more: object = {}) {
  const rests = vi.fn();
  const own = { leads: true, chosen: { exercise: {} }, rests, addController: () => {}, requestUpdate: () => {}, ...more };
  return { own, rests, seeking: new made(own as never) };
}
const fogged = (part: string, way: Way | null): Told => ({ part, reason: "view", name: part, short: part, why: "", clear: "", way });
const [chest, foot, pelvis] = [fogged("chest", "place"), fogged("foot", null), fogged("pelvis", "phone")];

interface Template {
  strings: string[];
  values: unknown[];
}

function within(value: unknown): Template[] {
  if (Array.isArray(value)) return value.flatMap(within);
  const one = (value ?? {}) as Template;
  return one.strings === undefined ? [] : [one, ...one.values.flatMap(within)];
}

it("rests where there is a way out, and where another part with one is chosen", () => {
  const { rests, seeking } = page();
  seeking.ask([foot, chest, pelvis]);
  expect([seeking.open, seeking.way, rests.mock.calls.length]).toEqual([true, null, 0]);
  seeking.first(pelvis);
  expect([seeking.way, seeking.told, rests.mock.calls.length]).toEqual(["phone", [pelvis, foot, chest], 1]);
  seeking.ask(null);
  expect([seeking.open, seeking.way, rests.mock.calls.length]).toEqual([false, null, 1]);
});

it("is only told in a test, which a rest would end", () => {
  const { rests, seeking } = page({ chosen: { exercise: { way: "furthest" } } });
  seeking.ask([chest, pelvis]);
  expect([seeking.told.map((one) => [one.part, one.way]), rests.mock.calls.length]).toEqual([[["chest", null], ["pelvis", null]], 0]);
});

it("is not asked of a session that leads nobody", () => {
  const { rests, seeking } = page({ leads: false });
  seeking.ask([chest]);
  expect([seeking.open, rests.mock.calls.length]).toEqual([false, 0]);
});

it("is gone as soon as the session is over, stopped or not heard", () => {
  for (const one of [chest, foot]) {
    const { own, seeking } = page();
    seeking.ask([one]);
    seeking.hostUpdate();
    expect(seeking.open).toBe(true);
    own.leads = false;
    seeking.hostUpdate();
    expect([seeking.open, seeking.way]).toEqual([false, null]);
  }
});

it("opens the network only where the press says so", () => {
  const { seeking } = page();
  const panel = () => clearing({ seeking, chosen: { exercise: { id: "one" } }, finding: null, anew: () => {} } as never);
  const code = () => within(panel()).find(({ strings }) => strings[0]?.endsWith("?code="))?.values[0];
  seeking.ask([pelvis, chest]);
  expect(code()).toBe(false);
  seeking.ask([pelvis, chest], true);
  expect(code()).toBe(true);
  seeking.first({ ...pelvis });
  expect(code()).toBe(false);
});
