// The muscle paths of a person, and where every point of them stands in a posture (docs/formats.md).

const MAGIC = "LWMUSCLE";
const VERSION = 2;
const JOINT_NUMBERS = 14;
const SLIDE = 1;

export interface Paths {
  coordinates: string[];
  bones: string[];
  muscles: string[];
  boneRest: Float64Array;
  boneIndex: Int16Array;
  jointNumbers: Float64Array;
  jointIndex: Int16Array;
  points: Float64Array;
  stepIndex: Int16Array;
  muscleEnd: Int16Array;
}

/** Where all bones stand, seen from the pelvis: front, up, right. */
export interface Placed {
  /** (bones, 3) */
  origins: Float64Array;
  /** (bones, 9) to the axes of the pelvis, by rows. */
  turns: Float64Array;
}

export function readPaths(raw: ArrayBuffer): Paths {
  const view = new DataView(raw);
  const magic = new TextDecoder().decode(raw.slice(0, 8));
  if (magic !== MAGIC || view.getUint32(8, true) !== VERSION)
    throw new Error("these muscle paths are of another version");
  const count = (i: number): number => view.getUint32(12 + 4 * i, true);
  const [B, J, P, W, S, n] = [count(0), count(1), count(2), count(3), count(4), count(5)];
  let at = 40;
  const numbers = (k: number): Float64Array => {
    const part = new Float64Array(raw.slice(at, at + 8 * k));
    at += 8 * k;
    return part;
  };
  const indices = (k: number): Int16Array => {
    const part = new Int16Array(raw.slice(at, at + 2 * k));
    at += 2 * k;
    return part;
  };
  const boneRest = numbers(12 * B);
  const jointNumbers = numbers(JOINT_NUMBERS * J);
  const points = numbers(3 * P);
  numbers(15 * W + W + n + 26); // surfaces, radii, constants, ends of coordinates
  const boneIndex = indices(3 * B);
  const jointIndex = indices(2 * J);
  indices(2 * W);
  const stepIndex = indices(7 * S);
  const muscleEnd = indices(n);
  const names = new TextDecoder().decode(raw.slice(at)).split("\n");
  return {
    coordinates: names.slice(0, 13),
    bones: names.slice(13, 13 + B),
    muscles: names.slice(13 + B, 13 + B + n),
    boneRest,
    boneIndex,
    jointNumbers,
    jointIndex,
    points,
    stepIndex,
    muscleEnd,
  };
}

/** All bones for angles in the order of `paths.coordinates`, radians. */
export function place(paths: Paths, angles: ArrayLike<number>): Placed {
  const bones = paths.bones.length;
  const origins = new Float64Array(3 * bones);
  const turns = new Float64Array(9 * bones);
  let joint = 0;
  for (let bone = 0; bone < bones; bone += 1) {
    const rest = paths.boneRest.subarray(12 * bone, 12 * bone + 12);
    // The pelvis is where everything is seen from.
    const origin = bone === 0 ? [0, 0, 0] : Array.from(rest.subarray(0, 3));
    let turn = bone === 0 ? [1, 0, 0, 0, 1, 0, 0, 0, 1] : Array.from(rest.subarray(3));
    for (; joint < at(paths.boneIndex, 3 * bone + 1); joint += 1) {
      const numbers = paths.jointNumbers.subarray(JOINT_NUMBERS * joint, JOINT_NUMBERS * (joint + 1));
      const value = position(numbers, angles[at(paths.jointIndex, 2 * joint + 1)] ?? 0);
      const axis = apply(turn, at(numbers, 0), at(numbers, 1), at(numbers, 2));
      if (at(paths.jointIndex, 2 * joint) === SLIDE) {
        for (let k = 0; k < 3; k += 1) origin[k] = at(origin, k) + value * at(axis, k);
        continue;
      }
      const anchor = [at(numbers, 3), at(numbers, 4), at(numbers, 5)] as const;
      const before = apply(turn, ...anchor);
      turn = multiply(about(axis, value), turn);
      const after = apply(turn, ...anchor);
      for (let k = 0; k < 3; k += 1) origin[k] = at(origin, k) + at(before, k) - at(after, k);
    }
    const parent = at(paths.boneIndex, 3 * bone);
    if (bone > 0) {
      const carried = Array.from(turns.subarray(9 * parent, 9 * parent + 9));
      const moved = apply(carried, at(origin, 0), at(origin, 1), at(origin, 2));
      for (let k = 0; k < 3; k += 1) origin[k] = at(moved, k) + at(origins, 3 * parent + k);
      turn = multiply(carried, turn);
    }
    origins.set(origin, 3 * bone);
    turns.set(turn, 9 * bone);
  }
  return { origins, turns };
}

/** A point that a bone carries, written to `out` from `to` on. */
export function carried(
  placed: Placed,
  bone: number,
  x: number,
  y: number,
  z: number,
  out: Float64Array | Float32Array,
  to: number,
): void {
  const { origins, turns } = placed;
  for (let k = 0; k < 3; k += 1) {
    const row = 9 * bone + 3 * k;
    out[to + k] =
      at(turns, row) * x + at(turns, row + 1) * y + at(turns, row + 2) * z + at(origins, 3 * bone + k);
  }
}

function position(numbers: Float64Array, angle: number): number {
  const fitted = Math.min(angle, at(numbers, 11));
  const [c0, c1, c2, c3, c4] = [6, 7, 8, 9, 10].map((i) => at(numbers, i)) as [
    number, number, number, number, number,
  ];
  const value = c0 + fitted * (c1 + fitted * (c2 + fitted * (c3 + fitted * c4)));
  const slope = c1 + fitted * (2 * c2 + fitted * (3 * c3 + fitted * 4 * c4));
  const beyond = angle - fitted;
  const [bend, turn] = [at(numbers, 12), at(numbers, 13)];
  if (turn === 0) return value + slope * beyond;
  // Beyond its fit the bone goes on along a circle.
  const [s, c] = [Math.sin(turn * beyond), Math.cos(turn * beyond)];
  return value + (slope * s + (bend * (1 - c)) / turn) / turn;
}

export function apply(m: ArrayLike<number>, x: number, y: number, z: number): number[] {
  return [0, 3, 6].map((r) => at(m, r) * x + at(m, r + 1) * y + at(m, r + 2) * z);
}

export function multiply(a: ArrayLike<number>, b: ArrayLike<number>): number[] {
  const out: number[] = [];
  for (let r = 0; r < 3; r += 1)
    for (let c = 0; c < 3; c += 1)
      out.push(at(a, 3 * r) * at(b, c) + at(a, 3 * r + 1) * at(b, 3 + c) + at(a, 3 * r + 2) * at(b, 6 + c));
  return out;
}

/** Rotation about a unit axis, right-hand rule. */
export function about(axis: ArrayLike<number>, angle: number): number[] {
  const [x, y, z] = [at(axis, 0), at(axis, 1), at(axis, 2)];
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const t = 1 - c;
  return [
    t * x * x + c, t * x * y - s * z, t * x * z + s * y,
    t * x * y + s * z, t * y * y + c, t * y * z - s * x,
    t * x * z - s * y, t * y * z + s * x, t * z * z + c,
  ];
}

function at(values: ArrayLike<number>, i: number): number {
  return values[i] ?? NaN;
}
