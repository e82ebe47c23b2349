import { describe, expect, it } from "vitest";
import { heard, Heeding } from "./tone";
import type { Guidance } from "./wire";

const edges = { first: 0.4, lower: 0.52, upper: 0.57, ceiling: 0.58, tolerance: 0.6 };
const at = (mean: number | null, more: Partial<Guidance> = {}): Guidance =>
  ({ phase: "ease_in", in_window: false, uncued: false, gauge: mean === null ? null : { mean, sd: 0.03 }, ...more }) as Guidance;

describe("the position tone", () => {
  it("is silent where the position or the own window is not known, and where nothing is stretched", () => {
    expect(heard(null, edges)).toBeNull();
    expect(heard(at(null), edges)).toBeNull();
    expect(heard(at(0.5), null)).toBeNull();
    expect(heard(at(0.5), { ...edges, lower: NaN })).toBeNull();
    expect(heard(at(0.5, { gauge: { mean: 0.5, sd: 0.4 } }), edges)).toBeNull();
    expect(heard(at(0.5, { uncued: true }), edges)).toBeNull();
    for (const phase of ["get_ready", "rest", "paused", "release", "stopped", "done"] as const)
      expect(heard(at(0.5, { phase }), edges)).toBeNull();
  });

  it("rises with the position", () => {
    const all = [0, 0.2, 0.5, 0.7].map((p) => heard(at(p), edges)?.hz ?? 0);
    expect([...all].sort((a, b) => a - b)).toEqual(all);
    expect(all[0]).toBeGreaterThan(0);
  });

  it("says inside by the coach's word alone, and past the ceiling though the coach says inside", () => {
    expect(heard(at(0.7), edges)?.zone).toBe("below");
    expect(heard(at(0.7, { in_window: true }), edges)?.zone).toBe("inside");
    expect(heard(at(0.88, { in_window: true }), edges)?.zone).toBe("above");
  });

  it("is silent from an ease to the next set, whatever is seen meanwhile", () => {
    const tone = new Heeding();
    expect(tone.heard(at(0.5), edges)).not.toBeNull();
    tone.ease();
    for (const g of [at(0.5), null, at(0.4, { phase: "hold", in_window: true }), at(0.9)])
      expect(tone.heard(g, edges)).toBeNull();
    expect(tone.heard(at(0.5, { phase: "rest" }), edges)).toBeNull();
    expect(tone.heard(at(0.5), edges)).not.toBeNull();
  });
});
