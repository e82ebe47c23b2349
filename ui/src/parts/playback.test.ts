// @vitest-environment node
import { describe, expect, it, vi } from "vitest";
import type { Guidance, View } from "../wire";

vi.mock("lit", () => ({ LitElement: class {}, html: () => null, svg: () => null, nothing: null }));
vi.mock("lit/decorators.js", () => {
  const nothing = () => () => {};
  return { customElement: nothing, property: nothing, state: nothing, query: nothing };
});
vi.mock("../body/view", () => ({}));
vi.mock("./ring", () => ({}));
vi.mock("./playback.css", () => ({}));
vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => {} });
vi.stubGlobal("document", { documentElement: { dataset: {} } });

const { pieces, spans } = await import("./playback");

const at = (t_s: number, gauge: number | null, phase = "hold"): View =>
  ({ t_s, guidance: { phase, gauge: gauge === null ? null : { mean: gauge, sd: 0.1 } } as Guidance }) as View;

describe("a session that is played back", () => {
  it("has a gap where the position was not known, and never a line over it", () => {
    const found = pieces([at(0, 0.1), at(1, 0.2), at(2, null), at(3, 0.5), at(4, 0.6), at(5, null), at(6, 0.7)]);
    expect(found.map((piece) => piece.map((v) => v.t_s))).toEqual([[0, 1], [3, 4]]);
  });

  it("tells from when to when something held", () => {
    const views = [at(0, null, "ease_in"), at(1, null), at(2, null), at(3, null, "rest"), at(4, null)];
    expect(spans(views, (g) => g.phase === "hold")).toEqual([[1, 2], [4, 4]]);
  });
});
