// One instant of the body, ready to be drawn by whatever can draw: where everything stands, in which
// colour, and what lies in fog.
import { floats, type View, type WindowEdges } from "../wire";
import { type Arm, armGirth, restingArm, seenArm } from "./arms";
import type { Camera, Look, SeenFrom } from "./camera";
import { Courses, resample, STATIONS } from "./course";
import type { Ghost } from "./ghost";
import { paint, type Theme, type Zone, zone } from "./look";
import { type Pack, VERTEX_BYTES } from "./pack";
import { ARMS, type Names, Posture, type Unknown } from "./parts";
import { about, apply, carried, multiply, type Paths, type Placed, place } from "./paths";

/** Floats of one tube: its row of lines, red, green, blue, and how it is filled. */
export const TUBE_FLOATS = 5;
export const FILLED = 0;
export const HATCHED = 1;
export const BANDED = 2;
/** Of the head, which is carried by the chest and not estimated. */
const PALE = 0.42;
const EVERY = 48;

/** A part as a line for a finger to hit: two ends in the world and its half width, metres. */
export interface Limb {
  part: string;
  ends: [number[], number[]];
  half: number;
}

export interface Scene {
  /** (bones, 12): rows of the turn and shift from the bind posture to the world. */
  pose: Float32Array;
  /** (16) pelvis axes to the world, column by column. */
  stand: Float32Array;
  /** (rows, STATIONS, 4) from the pelvis: muscles, then both arms. */
  lines: Float32Array;
  /** (tubes, TUBE_FLOATS): others, then targets, then arms. */
  tubes: Float32Array;
  counts: { others: number; targets: number; arms: number };
  /** Of each part, 0 clear to 1 fog; arms after the parts of the pack. */
  fog: Float32Array;
  unknown: Unknown[];
  limbs: Limb[];
  floor: number;
  look: Look;
  /** The foremost of the targets: it says what is written under the picture. */
  zone: Zone;
  /** Inside the window for sure: the coach counts. */
  glowing: boolean;
  /** What is laid over the body as an outline. */
  ghost: Limb[];
}

export interface Shown {
  view: View;
  targets: ReadonlySet<number>;
  edges: WindowEdges[];
  arms: Float32Array | null;
  theme: Theme;
  width: number;
  height: number;
  still: boolean;
  ghost: Ghost | null;
}

const WORST: Zone[] = ["unknown", "lengthening", "inside", "above"];

export class Stage {
  private readonly courses: Courses;
  private readonly bind: Placed;
  private readonly scale: number;
  private readonly probes: { at: number[]; bone: number }[];
  private readonly lines: Float32Array;
  private readonly chest: number;

  constructor(
    readonly pack: Pack,
    private readonly paths: Paths,
    private readonly names: Names,
    private readonly heightM: number,
    private readonly seenFrom: SeenFrom,
  ) {
    this.scale = heightM / pack.stature_m;
    this.courses = new Courses(pack, this.scale);
    this.bind = place(paths, pack.bind);
    this.probes = probes(pack, this.scale);
    this.chest = pack.bones.indexOf("lumbar1");
    this.lines = new Float32Array(4 * STATIONS * (pack.muscles.length + ARMS.length));
  }

  set(shown: Shown, camera: Camera): Scene {
    const posture = new Posture(this.names, floats(shown.view.angles), shown.view);
    const placed = place(this.paths, this.paths.coordinates.map((c) => posture.rad(c)));
    const attitude = attitudeOf(posture);
    const pose = this.pose(placed, attitude);
    this.lines.set(this.courses.run(placed));
    const points = this.outline(pose);
    const floor = lowest(points);
    const arms = this.arms(pose, attitude, floor, shown);
    const ghost = shown.ghost === null ? [] : this.outlined(shown.ghost.posture, floor);
    const all = new Float32Array([...points, ...arms.flat(2), ...ghost.flatMap((limb) => limb.ends.flat())]);
    const look = camera.look(all, shown.width, shown.height, shown.still);
    const { fog, unknown } = this.fogged(posture, camera.sideness(attitude));
    const hidden = new Set(unknown.map((u) => u.part));
    return {
      pose,
      stand: columns(attitude),
      lines: this.lines,
      ...this.tubes(shown),
      fog,
      unknown,
      limbs: this.limbs(placed, attitude, pose, arms),
      floor,
      look,
      glowing: shown.view.guidance?.in_window === true,
      // Where to begin is written; a change is told of parts that are known alone.
      ghost: shown.ghost?.kind === "start" ? ghost : ghost.filter((limb) => !hidden.has(limb.part)),
    };
  }

  /** A posture on the same floor, without arms: nothing tells them. */
  private outlined(angles: number[], floor: number): Limb[] {
    const posture = { rad: (c: string): number => angles[this.names.coordinates.indexOf(c)] ?? 0 };
    const placed = place(this.paths, this.paths.coordinates.map((c) => posture.rad(c)));
    const attitude = attitudeOf(posture);
    const pose = this.pose(placed, attitude);
    const shoulders = ARMS.map((_, i) => [this.shoulder(pose, i)]);
    const lift = floor - lowest(this.outline(pose));
    return this.limbs(placed, attitude, pose, shoulders).map(({ part, half, ends: [a, b] }) => {
      const raised = (p: number[]): number[] => p.map((v, k) => (k === 1 ? v + lift : v));
      return { part, half, ends: [raised(a), raised(b)] };
    });
  }

  private shoulder(pose: Float32Array, i: number): number[] {
    const own = pose.subarray(12 * this.chest, 12 * this.chest + 12);
    const at = this.pack.shoulders_m[i === 0 ? 0 : 1].map((v) => v * this.scale);
    return [0, 1, 2].map(
      (r) => (own[4 * r + 3] ?? 0) + at.reduce((sum, v, c) => sum + v * (own[4 * r + c] ?? 0), 0),
    );
  }

  private pose(placed: Placed, attitude: number[]): Float32Array {
    const out = new Float32Array(12 * this.pack.bones.length);
    this.pack.bones.forEach((_, bone) => {
      const was = this.bind.turns.subarray(9 * bone, 9 * bone + 9);
      const back = transposed(was);
      const turn = multiply(placed.turns.subarray(9 * bone, 9 * bone + 9), back);
      const from = this.bind.origins.subarray(3 * bone, 3 * bone + 3);
      const moved = apply(turn, from[0] ?? 0, from[1] ?? 0, from[2] ?? 0);
      const shift = moved.map((v, k) => (placed.origins[3 * bone + k] ?? 0) - v);
      const inWorld = multiply(attitude, turn);
      const at = apply(attitude, shift[0] ?? 0, shift[1] ?? 0, shift[2] ?? 0);
      for (let r = 0; r < 3; r += 1) {
        for (let c = 0; c < 3; c += 1) out[12 * bone + 4 * r + c] = inWorld[3 * r + c] ?? 0;
        out[12 * bone + 4 * r + 3] = at[r] ?? 0;
      }
    });
    return out;
  }

  /** Joints of both arms in the world; their lines are written from the pelvis. */
  private arms(pose: Float32Array, attitude: number[], floor: number, shown: Shown): number[][][] {
    const own = pose.subarray(12 * this.chest, 12 * this.chest + 12);
    const column = (k: number): number[] => [0, 1, 2].map((r) => own[4 * r + k] ?? 0);
    return ARMS.map((arm: Arm, i) => {
      const shoulder = this.shoulder(pose, i);
      const seen = shown.arms === null ? null : seenArm(arm, shown.arms, this.seenFrom, this.heightM);
      const trunk = { up: column(1), front: column(0), right: column(2), shouldersM: (shoulder[1] ?? 0) - floor };
      const ways = seen ?? restingArm(arm, trunk, this.heightM);
      const joints = [shoulder];
      for (const way of ways)
        joints.push((joints.at(-1) ?? shoulder).map((v, k) => v + (way[k] ?? 0)));
      this.writeArm(i, joints, attitude);
      return joints;
    });
  }

  private writeArm(i: number, joints: number[][], attitude: number[]): void {
    const back = transposed(attitude);
    const flat = new Float64Array(joints.flatMap(([x = 0, y = 0, z = 0]) => apply(back, x, y, z)));
    const row = this.pack.muscles.length + i;
    const line = this.lines.subarray(4 * STATIONS * row, 4 * STATIONS * (row + 1));
    resample(flat, joints.length, line);
    for (let s = 0; s < STATIONS; s += 1) line[4 * s + 3] = this.heightM * armGirth(s / (STATIONS - 1));
  }

  /** Some points of the outline in the world. */
  private outline(pose: Float32Array): Float32Array {
    const out = new Float32Array(3 * this.probes.length);
    this.probes.forEach(({ at, bone }, i) => {
      for (let r = 0; r < 3; r += 1) {
        const row = 12 * bone + 4 * r;
        out[3 * i + r] =
          (pose[row] ?? 0) * (at[0] ?? 0) + (pose[row + 1] ?? 0) * (at[1] ?? 0) +
          (pose[row + 2] ?? 0) * (at[2] ?? 0) + (pose[row + 3] ?? 0);
      }
    });
    return out;
  }

  private fogged(posture: Posture, sideness: number): Pick<Scene, "fog" | "unknown"> {
    const parts = [...this.pack.parts, ...ARMS];
    const unknown: Unknown[] = [];
    const fog = Float32Array.from(parts, (part) => {
      const rule = this.names.parts[part];
      if (rule === undefined) return part === "head" ? PALE : 1;
      // What is turned towards the viewer decides: bends are told by the side, leans by the front.
      const [side, front] = [posture.unknown(part, rule, "side"), posture.unknown(part, rule, "front")];
      const share = sideness * sideness;
      const why = share > 0.5 ? side : front;
      if (why !== null) unknown.push(why);
      return soft(share, side !== null, front !== null);
    });
    for (const part of ARMS) unknown.push({ part, coordinate: "", reason: "not_estimated" });
    return { fog, unknown };
  }

  private tubes(shown: Shown): Pick<Scene, "tubes" | "counts" | "zone"> {
    const { view, targets, edges, theme } = shown;
    const fractions = floats(view.muscles);
    const zones = Array.from({ length: fractions.length / 2 }, (_, g) => zone(fractions[2 * g] ?? NaN, edges[g]));
    const rows = this.pack.muscles.map((muscle, row) => ({ row, group: muscle.group }));
    const others = rows.filter((r) => !targets.has(r.group));
    const chosen = rows.filter((r) => targets.has(r.group));
    const out = new Float32Array(TUBE_FLOATS * (rows.length + ARMS.length));
    [...others, ...chosen].forEach(({ row, group }, i) => {
      const at = zones[group] ?? "unknown";
      const target = i >= others.length;
      const colour = paint(at, fractions[2 * group] ?? NaN, target, theme);
      const filled = at === "unknown" ? HATCHED : at === "above" && target ? BANDED : FILLED;
      out.set([row, ...colour.map((v) => v / 255), filled], TUBE_FLOATS * i);
    });
    ARMS.forEach((_, i) => {
      const skin = theme.skin.map((v) => v / 255);
      out.set([rows.length + i, ...skin, FILLED], TUBE_FLOATS * (rows.length + i));
    });
    const worst = Math.max(0, ...[...targets].map((g) => WORST.indexOf(zones[g] ?? "unknown")));
    return {
      tubes: out,
      counts: { others: others.length, targets: chosen.length, arms: ARMS.length },
      zone: WORST[worst] ?? "unknown",
    };
  }

  private limbs(placed: Placed, attitude: number[], pose: Float32Array, arms: number[][][]): Limb[] {
    const bone = (name: string, x = 0, y = 0, z = 0): number[] => {
      const out = new Float64Array(3);
      carried(placed, Math.max(this.paths.bones.indexOf(name), 0), x, y, z, out, 0);
      return apply(attitude, out[0] ?? 0, out[1] ?? 0, out[2] ?? 0);
    };
    const h = this.heightM;
    const middle = (a: number[], b: number[]): number[] => a.map((v, k) => (v + (b[k] ?? 0)) / 2);
    const [left, right] = arms.map((joints) => joints[0] ?? [0, 0, 0]) as [number[], number[]];
    const hips = middle(bone("femur_l"), bone("femur_r"));
    const [low, high] = [bone("lumbar5"), bone("lumbar1")];
    const neck = middle(left, right);
    const row = (k: number): number => pose[12 * this.chest + 4 * k + 1] ?? 0;
    const up = [row(0), row(1), row(2)];
    const above = (share: number): number[] => neck.map((v, k) => v + share * h * (up[k] ?? 0));
    const limb = (part: string, from: number[], to: number[], half: number): Limb => ({
      part, ends: [from, to], half: half * h,
    });
    const legs = ["l", "r"].flatMap((s) => {
      const [hip, knee, ankle] = [bone(`femur_${s}`), bone(`tibia_${s}`), bone(`talus_${s}`)];
      return [
        limb(`thigh_${s}`, hip, knee, 0.045),
        limb(`shank_${s}`, knee, ankle, 0.032),
        limb(`foot_${s}`, ankle, bone(`talus_${s}`, 0.1 * h, -0.03 * h, 0), 0.028),
      ];
    });
    return [
      limb("pelvis", hips, low, 0.07),
      limb("lumbar", low, high, 0.064),
      limb("chest", high, above(-0.05), 0.076),
      limb("head", above(0.085), above(0.125), 0.046),
      ...legs,
      ...arms.flatMap((joints, i) =>
        joints.slice(1).map((to, k) => limb(ARMS[i] ?? "arm_l", joints[k] ?? to, to, 0.025)),
      ),
    ];
  }
}

/** Pelvis to the world: turn about the vertical, then side lean, then tilt. */
export function attitudeOf(posture: Pick<Posture, "rad">): number[] {
  return multiply(
    about([0, 1, 0], posture.rad("pelvis_rotation")),
    multiply(about([1, 0, 0], -posture.rad("pelvis_obliquity")), about([0, 0, 1], -posture.rad("pelvis_tilt"))),
  );
}

function soft(share: number, side: boolean, front: boolean): number {
  if (side === front) return side ? 1 : 0;
  const s = Math.min(Math.max((share - 0.3) / 0.4, 0), 1);
  const turned = s * s * (3 - 2 * s);
  return side ? turned : 1 - turned;
}

function probes(pack: Pack, scale: number): { at: number[]; bone: number }[] {
  const view = new DataView(pack.skinVertices.buffer);
  const out = [];
  for (let i = 0; i < pack.skinVertices.length; i += EVERY * VERTEX_BYTES) {
    const at = [0, 2, 4].map((k) => (scale * pack.reach_m * view.getInt16(i + k, true)) / 32767);
    out.push({ at, bone: view.getUint8(i + 6) });
  }
  return out;
}

function lowest(points: Float32Array): number {
  let low = Infinity;
  for (let i = 1; i < points.length; i += 3) low = Math.min(low, points[i] ?? low);
  return low;
}

function transposed(m: ArrayLike<number>): number[] {
  return [0, 3, 6, 1, 4, 7, 2, 5, 8].map((i) => m[i] ?? 0);
}

function columns(turn: number[]): Float32Array {
  const [a, b, c, d, e, f, g, h, i] = turn as [
    number, number, number, number, number, number, number, number, number,
  ];
  return new Float32Array([a, d, g, 0, b, e, h, 0, c, f, i, 0, 0, 0, 0, 1]);
}
