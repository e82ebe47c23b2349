import { beforeAll, expect, it, vi } from "vitest";
import type { Shown } from "./shown";

vi.mock("../body/view", () => ({}));
vi.mock("../parts/second-screen", () => ({}));
vi.stubGlobal("localStorage", { getItem: () => null });
vi.stubGlobal("document", { documentElement: { lang: "", dataset: {} }, createTreeWalker: () => ({}) });

let buttons: (s: Shown) => unknown;
beforeAll(async () => ({ buttons } = await import("./shown")));

const STANDS = { over: false, gone: false, unkept: false, connected: true, places: false, begun: false, guidance: null };
const offered = (more: object): string =>
  JSON.stringify(buttons({ ...STANDS, eyes: { blind: "" }, chosen: { exercise: {} }, ...more } as never));

it("who stopped while it opens finds the way back, and nothing that cannot be heard", () => {
  expect(offered({ stopped: false })).toContain("Pause");
  expect(offered({ stopped: true })).toContain("Back to today");
  expect(offered({ stopped: true })).not.toContain("Pause");
});
