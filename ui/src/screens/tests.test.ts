import { expect, it, vi } from "vitest";

vi.mock("../parts/devices", () => ({}));
vi.mock("../parts/phone", () => ({}));
vi.mock("../parts/scale", () => ({}));
vi.mock("../parts/typed", () => ({}));
vi.stubGlobal("localStorage", { getItem: () => null });
vi.stubGlobal("document", { documentElement: { lang: "", dataset: {} }, createTreeWalker: () => ({}) });

it("what all tests wait for is said once, and what one waits for beside it", async () => {
  const { waitsFor } = await import("./tests");
  const waits = (...why: string[]) => why.map((each) => ({ not_now: each === "" ? [] : [each] }));
  expect(waitsFor(waits("answers", "answers", "answers"))).toBe("answers");
  for (const own of [[], ["answers"], ["answers", ""], ["", "answers"], ["", ""], ["a", "b"]]) expect(waitsFor(waits(...own))).toBe(null);
});
