import { beforeAll, expect, it, vi } from "vitest";
import type { Told, Way } from "../body/parts";
import type { Seeking } from "./seeking";

vi.stubGlobal("localStorage", { getItem: () => null });
vi.stubGlobal("document", { documentElement: { lang: "", dataset: {} }, createTreeWalker: () => ({}) });

let made: typeof Seeking;
beforeAll(async () => void (made = (await import("./seeking")).Seeking));

function page(more: object = {}) {
  const rests = vi.fn();
  const own = { leads: true, chosen: { exercise: {} }, rests, addController: () => {}, requestUpdate: () => {}, ...more };
  return { rests, seeking: new made(own as never) };
}
const fogged = (part: string, way: Way | null): Told => ({ part, reason: "view", name: part, short: part, why: "", clear: "", way });
const [chest, foot, pelvis] = [fogged("chest", "place"), fogged("foot", null), fogged("pelvis", "phone")];

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
