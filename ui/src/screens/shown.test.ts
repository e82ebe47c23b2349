import { beforeAll, expect, it, vi } from "vitest";
import type { Shown } from "./shown";

vi.mock("../body/view", () => ({}));
vi.mock("../parts/second-screen", () => ({}));
vi.stubGlobal("localStorage", { getItem: () => null });
vi.stubGlobal("document", { documentElement: { lang: "", dataset: {} }, createTreeWalker: () => ({}) });

let buttons: (s: Shown) => unknown;
let ledSide: (s: Shown) => unknown;
beforeAll(async () => ({ buttons, ledSide } = await import("./shown")));

const STANDS = { over: false, gone: false, stopping: { unkept: false }, connected: true, places: false, begun: false, guidance: null, seeking: { open: false, way: null } };
const offered = (more: object): string =>
  JSON.stringify(buttons({ ...STANDS, eyes: { blind: "" }, chosen: { exercise: {} }, ...more } as never));

it("who stopped while it opens finds the way back, and nothing that cannot be heard", () => {
  expect(offered({ stopped: false })).toContain("Pause");
  expect(offered({ stopped: true })).toContain("Back to today");
  expect(offered({ stopped: true })).not.toContain("Pause");
});

it("nothing leads on while the way out of the fog is looked for, and Stop stays", () => {
  const offers = offered({ stopped: false, seeking: { open: true, way: "place" } });
  for (const word of ["Stop", "dizzy"]) expect(offers).toContain(word);
  for (const word of ["Go on", "Next", "Once more", "Far enough"]) expect(offers).not.toContain(word);
});

it("what a band does stands first: below the ring of a laptop's screen nobody sees it", () => {
  const side = ledSide({ ...STANDS, led: true, body: null, waiting: {}, chosen: { exercise: {} } } as never);
  expect((side as { strings: string[] }).strings[0]).toContain("<lw-band>");
});
