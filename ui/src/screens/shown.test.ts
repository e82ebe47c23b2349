import { beforeAll, expect, it, vi } from "vitest";
import type { Shown } from "./shown";

vi.mock("../body/view", () => ({}));
vi.mock("../parts/second-screen", () => ({}));
vi.stubGlobal("localStorage", { getItem: () => null });
vi.stubGlobal("document", { documentElement: { lang: "", dataset: {} }, createTreeWalker: () => ({}) });

let buttons: (s: Shown) => unknown;
let ledSide: (s: Shown) => unknown;
beforeAll(async () => ({ buttons, ledSide } = await import("./shown")));

const STANDS = { over: false, gone: false, stopping: { unkept: false }, connected: true, places: false, begun: false, guidance: null };
const offered = (more: object): string =>
  JSON.stringify(buttons({ ...STANDS, eyes: { blind: "" }, chosen: { exercise: {} }, ...more } as never));

it("who stopped while it opens finds the way back, and nothing that cannot be heard", () => {
  expect(offered({ stopped: false })).toContain("Pause");
  expect(offered({ stopped: true })).toContain("Back to today");
  expect(offered({ stopped: true })).not.toContain("Pause");
});

it("what a band does stands first: below the ring of a laptop's screen nobody sees it", () => {
  const side = ledSide({ ...STANDS, led: true, body: null, waiting: {}, chosen: { exercise: {} } } as never);
  expect((side as { strings: string[] }).strings[0]).toContain("<lw-band>");
});
