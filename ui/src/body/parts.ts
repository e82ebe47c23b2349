// What is known of each part of the body, as seen from where the viewer stands, and how to know it.
import { type Key, raw, t } from "../texts";
import { saidPlain } from "../texts/said";
import type { View } from "../wire";

/** The order of `parts` in the drawn body; arms come after. */
export const ARMS = ["arm_l", "arm_r"] as const;

export interface PartRule {
  /** Ways to know it from the side: all angles of one of them. */
  side: string[][];
  front: string[][];
  clear: string;
  by: Way;
}

/** What makes a part visible: a phone that is worn, other sensors, or where one is and the camera stands. */
export type Way = "phone" | "sensors" | "place";

export interface Names {
  coordinates: string[];
  groups: string[];
  places: string[];
  parts: Record<string, PartRule>;
  chains: { spine: string; pelvis: string; sign: number; chest: string; limits_rad: [number, number] }[];
}

/** Angles of one view by name: the posture to draw, and why each is not known. */
export class Posture {
  private readonly mean: Map<string, number>;
  private readonly why: Map<string, string>;
  /** A chest that is known to be elsewhere than it is drawn. */
  private readonly elsewhere: Set<"side" | "front"> = new Set();

  constructor(names: Names, angles: Float32Array, view: View) {
    this.mean = new Map(names.coordinates.map((c, i) => [c, angles[2 * i] ?? 0]));
    this.why = new Map(names.coordinates.map((c, i) => [c, view.unseen[i] ?? "no_sensor"]));
    names.chains.forEach((chain, i) => this.carry(chain, i === 0 ? "side" : "front"));
  }

  rad(coordinate: string): number {
    return this.mean.get(coordinate) ?? 0;
  }

  claimed(coordinate: string): boolean {
    return this.why.get(coordinate) === "claimed";
  }

  /** Why a part is not known from there, by the first angle that is missing; null where it is. */
  unknown(part: string, rule: PartRule, from: "side" | "front"): Unknown | null {
    const ways = rule[from];
    const astray = part === "chest" && this.elsewhere.has(from);
    if (!astray && ways.some((way) => way.every((c) => this.claimed(c)))) return null;
    const coordinate = ways.flat().find((c) => !this.claimed(c)) ?? ways[0]?.[0] ?? "";
    return { part, coordinate, reason: astray ? "uncertain" : (this.why.get(coordinate) ?? "no_sensor") };
  }

  /** Where only the chest is seen, an unseen low back carries it there, within its range. */
  private carry(chain: Names["chains"][number], from: "side" | "front"): void {
    if (!this.claimed(chain.chest) || this.claimed(chain.spine)) return;
    const chest = this.rad(chain.chest);
    const pelvis = chain.sign * this.rad(chain.pelvis);
    const [low, high] = chain.limits_rad;
    const spine = Math.min(Math.max(chest - pelvis, low), high);
    this.mean.set(chain.spine, spine);
    if (Math.abs(spine + pelvis - chest) > ASTRAY_RAD) this.elsewhere.add(from);
  }
}

const ASTRAY_RAD = (8 * Math.PI) / 180;

export interface Unknown {
  part: string;
  coordinate: string;
  reason: string;
}

const CALLED = [
  "chest", "lumbar", "pelvis", "thigh_l", "thigh_r", "shank_l", "shank_r", "foot_l", "foot_r",
];
const WHY = [
  "no_sensor", "not_calibrated", "view", "out_of_frame", "occluded", "stale", "uncertain",
  "never_from_camera",
];
const CLEAR = ["not_calibrated", "out_of_frame", "occluded", "stale", "uncertain"];
const ADDED = new Set(["no_sensor", "view", "never_from_camera", "uncertain"]);
export interface Told {
  part: string;
  reason: string;
  name: string;
  /** Within a sentence. */
  short: string;
  why: string;
  clear: string;
  /** Null: nothing makes it visible. */
  way: Way | null;
}

/** What is said of a part in fog, and what would make it visible. */
export function told(unknown: Unknown, names: Names | null): Told {
  const { part, reason } = unknown;
  const it = CALLED.includes(part) ? t(`fog.${part}` as Key) : part;
  const put = (text: string): string =>
    text.replaceAll("{it}", it).replaceAll("{It}", it[0]?.toUpperCase() + it.slice(1));
  const name = put("{It}").replace(/^Your (.)/, (_, first: string) => first.toUpperCase());
  const worn = saidPlain(names?.parts[unknown.part]?.clear ?? "");
  const by = ADDED.has(reason) ? (names?.parts[part]?.by ?? "place") : "place";
  const clear = [CLEAR.includes(reason) ? raw(`fog.clear.${reason}` as Key) : "", ADDED.has(reason) ? worn : ""];
  return {
    part,
    reason,
    name,
    short: it.replace(/^your /, ""),
    why: put(raw(WHY.includes(reason) ? (`fog.why.${reason}` as Key) : "fog.why")),
    clear: put(clear.filter((text) => text !== "").join(" ")),
    way: clear.some((text) => text !== "") ? by : null,
  };
}

/** By moving a little, with a phone, with more, not at all. */
function effort({ reason, way }: Told): number {
  if (way === null) return 3;
  if (!ADDED.has(reason)) return 0;
  return way === "phone" ? 1 : 2;
}

/** Of several, first what is cleared soonest; head and arms, which nothing measures, are one. */
export function toldAll(unknown: Unknown[], names: Names | null): Told[] {
  const measured = unknown.filter((u) => u.reason !== "not_estimated").map((u) => told(u, names));
  measured.sort((a, b) => effort(a) - effort(b));
  if (measured.length === unknown.length) return measured;
  const why = t("fog.notEstimated");
  const name = t("fog.headAndArms");
  return [...measured, { part: "arms", reason: "not_estimated", name, short: name, why, clear: "", way: null }];
}
