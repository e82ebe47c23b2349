// Arms are not estimated. Where the picture shows them they are sketched as flat as it does, else they
// lie along the trunk; in fog either way.
import { LANDMARK_COLUMNS } from "../wire";
import type { SeenFrom } from "./camera";

/** Shoulder, elbow, wrist and finger tips of each side, in the order of BlazePose. */
const CHAIN = { arm_l: [11, 13, 15, 19], arm_r: [12, 14, 16, 20] } as const;
const HIPS = [23, 24] as const;
const SEEN = 0.5;
/** Upper arm, forearm, hand; for a stature of one metre. */
const LENGTHS = [0.172, 0.145, 0.095] as const;
/** Shoulders to hips, for a stature of one metre. */
const TRUNK = 0.288;
const SHORTEST = 0.25;
/** Right of the picture of a camera at that side, in the world: front, up, right. */
const PICTURE_RIGHT: Record<SeenFrom, readonly [number, number, number]> = {
  front: [0, 0, -1],
  left: [-1, 0, 0],
  right: [1, 0, 0],
};

export type Arm = keyof typeof CHAIN;

/** Ways of upper arm, forearm and hand in the world, metres; null where the picture shows no arm. */
export function seenArm(arm: Arm, values: Float32Array, from: SeenFrom, stature: number): number[][] | null {
  const at = (i: number): [number, number, number] => [
    values[i * LANDMARK_COLUMNS] ?? NaN,
    values[i * LANDMARK_COLUMNS + 1] ?? NaN,
    values[i * LANDMARK_COLUMNS + 3] ?? 0,
  ];
  const joints = CHAIN[arm].map(at);
  if (joints.slice(0, 3).some(([x, y, v]) => !Number.isFinite(x + y) || v < SEEN)) return null;
  const shoulders = [at(CHAIN.arm_l[0]), at(CHAIN.arm_r[0])];
  const middle = (two: [number, number, number][], k: number): number => ((two[0]?.[k] ?? 0) + (two[1]?.[k] ?? 0)) / 2;
  const hips = HIPS.map(at);
  const trunkPx = Math.hypot(middle(shoulders, 0) - middle(hips, 0), middle(shoulders, 1) - middle(hips, 1));
  if (!(trunkPx > 1)) return null;
  const perMetre = trunkPx / (TRUNK * stature);
  const right = PICTURE_RIGHT[from];
  return LENGTHS.map((length, i) => {
    const [a, b] = [joints[i], joints[i + 1]];
    if (a === undefined || b === undefined || !Number.isFinite(b[0])) return [0, 0, 0];
    const [dx, dy] = [b[0] - a[0], a[1] - b[1]];
    const px = Math.max(Math.hypot(dx, dy), 1e-6);
    const whole = length * stature;
    const shown = Math.min(Math.max(px / perMetre, SHORTEST * whole), whole);
    return [0, 1, 2].map((k) => (shown / px) * (dx * (right[k] ?? 0) + (k === 1 ? dy : 0)));
  });
}

const LYING = 0.5;
const FACING_DOWN = -0.4;

/** The trunk in the world: its up, front and right, and how high the shoulders are above the floor. */
export interface Trunk {
  up: number[];
  front: number[];
  right: number[];
  shouldersM: number;
}

/** Ways of an arm that nobody sees: hanging, or to the floor before one who faces it, or along the
 * trunk of one who lies. */
export function restingArm(arm: Arm, trunk: Trunk, stature: number): number[][] {
  const out = arm === "arm_l" ? -1 : 1;
  const down = restsTo(trunk, stature * LENGTHS.reduce((sum, length) => sum + length, 0));
  return LENGTHS.map((length, i) => {
    const away = i === 0 ? 0.14 : 0.05;
    return down.map((v, k) => length * stature * (v + out * away * (trunk.right[k] ?? 0)));
  });
}

function restsTo(trunk: Trunk, reach: number): number[] {
  const [x, y, z] = [trunk.up[0] ?? 0, trunk.up[1] ?? 0, trunk.up[2] ?? 0];
  const down = Math.min(Math.max(trunk.shouldersM / reach, 0), 1);
  if ((trunk.front[1] ?? 0) < FACING_DOWN) {
    const level = Math.sqrt(1 - down * down) / Math.max(Math.hypot(x, z), 1e-6);
    return [level * x, -down, level * z];
  }
  return y > LYING ? [0, -1, 0] : [-x, -y, -z];
}

/** Thickness from shoulder to finger tips at equal steps, for a stature of one metre. */
export function armGirth(share: number): number {
  const [shoulder, elbow, wrist, tips] = [0.0255, 0.021, 0.0148, 0.0085];
  const [toElbow, toWrist] = [0.42, 0.77];
  const between = (a: number, b: number, s: number): number => a + (b - a) * Math.min(Math.max(s, 0), 1);
  if (share <= toElbow) return between(shoulder, elbow, share / toElbow);
  if (share <= toWrist) return between(elbow, wrist, (share - toElbow) / (toWrist - toElbow));
  return between(wrist * 1.12, tips, (share - toWrist) / (1 - toWrist));
}
