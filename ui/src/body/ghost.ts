// The outline over the moving body: where to begin, where the own window is, what one correction would
// give. It is drawn of what is known alone, and never further than the person's own window.
import type { Guidance, WindowEdges } from "../wire";

/** Of one working side: angles (21) in radians, in the order of a view. */
export interface GhostPlan {
  start: number[];
  span: number[];
  /** Place, tolerance in radians, and the direction that is a compensation (0: both). */
  kept: [number, number, number][];
}
export type GhostPlans = Record<"l" | "r", GhostPlan>;

export type GhostKind = "start" | "way" | "back";
export interface Ghost {
  kind: GhostKind;
  /** (21) radians. */
  posture: number[];
}

interface Instant {
  guidance: Guidance;
  /** (21, 2) mean and sd. */
  angles: Float32Array;
  /** `claimed`, or why not. */
  unseen: string[];
}

const MOST_SHARE = 0.25; // of the written way, in one picture
const LEAST_SHARE = 0.03;
const LEAST_RUN = 0.08; // of the way gone before its slope means anything
const SURE_SD = 0.12; // of the position between the two marks
const MOVED_RAD = (10 * Math.PI) / 180;

export class Ghosts {
  private own = new Map<number, number>();
  private first: { share: number; position: number } | null = null;
  private side: string | null = null;
  private eased = false;

  constructor(private readonly plans: GhostPlans) {}

  /** The coach has asked to ease, for whatever reason: until the next set nothing says where to go. */
  ease(): void {
    this.eased = true;
  }

  /** What to lay over the body at one instant; null: nothing. */
  take(now: Instant, edges: WindowEdges | null): Ghost | null {
    const { guidance: g } = now;
    const plan = this.plans[g.side ?? "l"];
    if (g.side !== this.side) {
      this.side = g.side;
      this.own.clear();
    }
    const loaded = g.phase === "ease_in" || g.phase === "hold";
    if (!loaded) this.eased = false;
    if (g.phase === "get_ready" || g.phase === "switch_side") {
      this.first = null;
      this.begin(now, plan);
      return { kind: "start", posture: plan.start };
    }
    if (!loaded) {
      this.first = null;
      return null;
    }
    if (this.eased || g.uncued) return null;
    return this.back(now, plan) ?? (g.phase === "ease_in" ? this.way(now, plan, edges) : null);
  }

  /** How the person themselves began: what is to stay is to stay as it was with them. */
  private begin(now: Instant, plan: GhostPlan): void {
    for (const [i] of plan.kept) if (claimed(now, i)) this.own.set(i, mean(now, i));
  }

  private back(now: Instant, plan: GhostPlan): Ghost | null {
    const posture = means(now);
    let left = false;
    for (const [i, tolerance, direction] of plan.kept) {
      const was = this.own.get(i);
      if (was === undefined || !claimed(now, i)) continue;
      const off = mean(now, i) - was;
      if (Math.abs(off) <= tolerance || (direction !== 0 && Math.sign(off) !== direction)) continue;
      posture[i] = was;
      left = true;
    }
    return left ? { kind: "back", posture } : null;
  }

  /** A little further, as far as the own window begins, by how the position has gone with the way:
   * from the sure side, as a position that seems to stand still may only be one that is not known. */
  private way(now: Instant, plan: GhostPlan, edges: WindowEdges | null): Ghost | null {
    const at = now.guidance.gauge;
    const share = shareOf(now, plan);
    if (at === null || at.sd > SURE_SD || share === null || edges === null) return null;
    this.first ??= { share, position: at.mean };
    const run = share - this.first.share;
    const rise = at.mean - this.first.position;
    const wanted = between(edges, edges.lower) - at.mean - at.sd;
    if (run < LEAST_RUN || rise <= 0 || !(wanted > 0)) return null;
    const more = Math.min((wanted * run) / (rise + at.sd), MOST_SHARE, 1 - share);
    if (more < LEAST_SHARE) return null;
    const posture = means(now);
    plan.span.forEach((span, i) => {
      if (claimed(now, i)) posture[i] = (posture[i] ?? 0) + more * span;
    });
    return { kind: "way", posture };
  }
}

/** How far along the written way, by the angles of it that are known; null where none is. */
function shareOf(now: Instant, plan: GhostPlan): number | null {
  let [along, all] = [0, 0];
  plan.span.forEach((span, i) => {
    if (Math.abs(span) < MOVED_RAD || !claimed(now, i)) return;
    along += span * (mean(now, i) - (plan.start[i] ?? 0));
    all += span * span;
  });
  return all === 0 ? null : along / all;
}

/** A range fraction as a position between the two marks. */
export function between(edges: WindowEdges, at: number): number {
  return (at - edges.first) / (edges.tolerance - edges.first);
}

function claimed(now: Instant, i: number): boolean {
  return now.unseen[i] === "claimed";
}

function mean(now: Instant, i: number): number {
  return now.angles[2 * i] ?? NaN;
}

function means(now: Instant): number[] {
  return Array.from({ length: now.angles.length / 2 }, (_, i) => mean(now, i));
}
