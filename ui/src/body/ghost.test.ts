import { describe, expect, it } from "vitest";
import type { Guidance, Phase } from "../wire";
import { Ghosts, type GhostPlans } from "./ghost";

const plan = { start: [0, 0, 0], span: [0.8, 0, 0], kept: [[1, 0.1, 1]] as [number, number, number][] };
const plans: GhostPlans = { l: plan, r: plan };
const edges = { first: 0.4, lower: 0.52, upper: 0.57, ceiling: 0.58, tolerance: 0.6 };
const at = (phase: Phase, angles: number[], gauge: number | null = null, unseen = ["claimed", "claimed", "claimed"]) => ({
  guidance: { phase, side: "l", gauge: gauge === null ? null : { mean: gauge, sd: 0.05 } } as Guidance,
  angles: Float32Array.from(angles.flatMap((a) => [a, 0.02])),
  unseen,
});

describe("the ghost", () => {
  it("shows the start before the movement, and nothing at rest", () => {
    const ghosts = new Ghosts(plans);
    expect(ghosts.take(at("get_ready", [0.3, 0, 0]), null)).toEqual({ kind: "start", posture: [0, 0, 0] });
    for (const phase of ["rest", "paused", "release", "done", "stopped"] as const)
      expect(ghosts.take(at(phase, [0.3, 0.5, 0]), edges)).toBeNull();
  });

  it("shows no way where no window of the person's own is known, or not where they are in it", () => {
    for (const [gauge, own] of [[0.3, null], [null, edges]] as const) {
      const ghosts = new Ghosts(plans);
      ghosts.take(at("ease_in", [0.1, 0, 0], gauge), own);
      expect(ghosts.take(at("ease_in", [0.4, 0, 0], gauge), own)).toBeNull();
    }
  });

  it("leads no further than where the own window begins", () => {
    const ghosts = new Ghosts(plans);
    ghosts.take(at("ease_in", [0.1, 0, 0], 0.2), edges);
    // 0.2 are left to 0.6, 0.15 of them surely; the position has gone at most 0.25 in 0.2 rad, so 0.12 rad more.
    const found = ghosts.take(at("ease_in", [0.3, 0, 0], 0.4), edges);
    expect(found?.kind).toBe("way");
    expect(found?.posture[0]).toBeCloseTo(0.42, 5);
    expect(ghosts.take(at("ease_in", [0.6, 0, 0], 0.62), edges)).toBeNull();
    // However slowly the position goes, no more than a quarter of the written way at once.
    const slow = ghosts.take(at("ease_in", [0.3, 0, 0], 0.21), edges);
    expect((slow?.posture[0] ?? 0) - 0.3).toBeCloseTo(0.25 * 0.8, 5);
  });

  it("does not take a position that is not known well for one that hardly moves", () => {
    const ghosts = new Ghosts(plans);
    const seen = (angle: number, mean: number) => {
      const now = at("ease_in", [angle, 0, 0], mean);
      now.guidance.gauge = { mean, sd: 0.12 };
      return ghosts.take(now, edges);
    };
    seen(0.1, 0.2);
    // It may have gone 0.13 in a tenth of the written way: a quarter of that way would be past the window.
    const found = seen(0.18, 0.21);
    const more = ((found?.posture[0] ?? 0.18) - 0.18) / 0.8;
    expect(0.21 + 0.12 + (more * (0.01 + 0.12)) / 0.1).toBeLessThanOrEqual(0.6 + 1e-6);
  });

  it("shows nothing after the coach has asked to ease, and nothing in a check", () => {
    const ghosts = new Ghosts(plans);
    ghosts.take(at("get_ready", [0, 0.3, 0]), null);
    ghosts.take(at("ease_in", [0.1, 0.3, 0], 0.2), edges);
    expect(ghosts.take(at("ease_in", [0.3, 0.3, 0], 0.4), edges)?.kind).toBe("way");
    ghosts.ease();
    expect(ghosts.take(at("ease_in", [0.3, 0.3, 0], 0.4), edges), "no way on").toBeNull();
    expect(ghosts.take(at("hold", [0.3, 0.5, 0]), edges), "no correction that may add").toBeNull();
    ghosts.take(at("release", [0.3, 0.3, 0]), edges);
    expect(ghosts.take(at("hold", [0.3, 0.5, 0]), edges)?.kind, "the next set").toBe("back");
    const check = at("hold", [0.3, 0.5, 0]);
    check.guidance.uncued = true;
    expect(ghosts.take(check, edges)).toBeNull();
  });

  it("shows a correction back to how the person began, of known angles alone", () => {
    const ghosts = new Ghosts(plans);
    ghosts.take(at("get_ready", [0, 0.3, 0]), null);
    expect(ghosts.take(at("hold", [0.5, 0.35, 0]), null)).toBeNull();
    const found = ghosts.take(at("hold", [0.5, 0.5, 0]), null);
    expect(found?.kind).toBe("back");
    expect(found?.posture[1]).toBeCloseTo(0.3, 5);
    expect(ghosts.take(at("hold", [0.5, 0.1, 0]), null), "the other way is none").toBeNull();
    const fog = ["claimed", "view", "claimed"];
    expect(ghosts.take(at("hold", [0.5, 0.5, 0], null, fog), null), "not seen now").toBeNull();
    const other = new Ghosts(plans);
    other.take(at("get_ready", [0, 0.3, 0], null, fog), null);
    expect(other.take(at("hold", [0.5, 0.5, 0]), null), "not seen then").toBeNull();
  });
});
