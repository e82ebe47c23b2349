// Where the middle line of every muscle runs in a posture, in equal steps, ready to be made a tube.
import { around } from "./around";
import type { Pack } from "./pack";
import { carried, type Placed } from "./paths";

/** Points along one muscle, its ends included. */
export const STATIONS = 13;
const ROUNDS = 2;

/** (m, STATIONS, 4): place seen from the pelvis, and thickness there. */
export class Courses {
  readonly lines: Float32Array;
  private readonly points: Float64Array;
  private way = new Float64Array(3 * 64);
  private readonly scaled: Float32Array;

  constructor(
    private readonly pack: Pack,
    private readonly scale: number,
  ) {
    this.lines = new Float32Array(4 * STATIONS * pack.muscles.length);
    this.points = new Float64Array((3 * pack.points.length) / 4);
    this.scaled = pack.points.map((v, i) => (i % 4 === 0 ? v : v * scale));
  }

  /** The lines for bones as they stand. */
  run(placed: Placed): Float32Array {
    for (let i = 0; 4 * i < this.scaled.length; i += 1) {
      const [bone = 0, x = 0, y = 0, z = 0] = this.scaled.subarray(4 * i, 4 * i + 4);
      carried(placed, bone, x, y, z, this.points, 3 * i);
    }
    this.pack.muscles.forEach((muscle, m) => {
      const count = this.walk(placed, muscle.way);
      const line = this.lines.subarray(4 * STATIONS * m, 4 * STATIONS * (m + 1));
      resample(this.way, count, line);
      for (let i = 0; i < STATIONS; i += 1)
        line[4 * i + 3] = this.scale * muscle.radius_m * (BELLY[i] ?? 0);
    });
    return this.lines;
  }

  /** Length of one muscle as it is drawn, before corners are rounded. */
  length(placed: Placed, muscle: number): number {
    this.run(placed);
    const count = this.walk(placed, this.pack.muscles[muscle]?.way ?? []);
    let sum = 0;
    for (let i = 1; i < count; i += 1) sum += apart(this.way, i - 1, i);
    return sum;
  }

  /** All corners of a way into `this.way`; how many they are. */
  private walk(placed: Placed, elements: number[]): number {
    let count = 0;
    elements.forEach((element, i) => {
      if (element >= 0) {
        this.way.set(this.points.subarray(3 * element, 3 * element + 3), 3 * count);
        count += 1;
        return;
      }
      const [from = 0, to = 0] = [elements[i - 1], elements[i + 1]];
      for (const point of this.over(placed, -1 - element, from, to)) {
        this.way.set(point, 3 * count);
        count += 1;
      }
    });
    return count;
  }

  /** Points on a surface between two points of the way, seen from the pelvis. */
  private over(placed: Placed, surface: number, from: number, to: number): number[][] {
    const s = this.pack.surfaces.subarray(18 * surface, 18 * surface + 18);
    const [bone = 0, kind = 0, radius = 0, cx = 0, cy = 0, cz = 0] = s;
    const turn = s.subarray(6, 15);
    const centre = [cx, cy, cz].map((v) => v * this.scale);
    const inside = (point: number): [number, number, number] => {
      const own = [0, 1, 2].map(
        (k) => (this.points[3 * point + k] ?? 0) - (placed.origins[3 * bone + k] ?? 0),
      );
      const inBone = [0, 1, 2].map(
        (k) => dot3((r) => placed.turns[9 * bone + 3 * r + k] ?? 0, own) - (centre[k] ?? 0),
      );
      return [0, 1, 2].map((k) => dot3((r) => turn[3 * r + k] ?? 0, inBone)) as [
        number, number, number,
      ];
    };
    const side = [s[15] ?? 0, s[16] ?? 0, s[17] ?? 0] as const;
    return around(inside(from), inside(to), side, kind === 1, radius * this.scale).map((point) => {
      const [x = 0, y = 0, z = 0] = [0, 1, 2].map(
        (k) => dot3((c) => turn[3 * k + c] ?? 0, point) + (centre[k] ?? 0),
      );
      const out = new Float64Array(3);
      carried(placed, bone, x, y, z, out, 0);
      return Array.from(out);
    });
  }
}

/** Thin at the tendons, full in the belly. */
const BELLY = Array.from(
  { length: STATIONS },
  (_, i) => 0.32 + 0.68 * Math.sin((Math.PI * i) / (STATIONS - 1)) ** 0.8,
);

/** Equal steps along `count` points of `way`, corners rounded, ends kept, into (STATIONS, 4). */
export function resample(way: Float64Array, count: number, line: Float32Array): void {
  let whole = 0;
  for (let i = 1; i < count; i += 1) whole += apart(way, i - 1, i);
  let [from, gone, step] = [0, 0, count > 1 ? apart(way, 0, 1) : 0];
  for (let i = 0; i < STATIONS; i += 1) {
    const wanted = (whole * i) / (STATIONS - 1);
    while (from < count - 2 && gone + step < wanted) {
      gone += step;
      from += 1;
      step = apart(way, from, from + 1);
    }
    const share = step > 0 ? Math.min((wanted - gone) / step, 1) : 0;
    for (let k = 0; k < 3; k += 1) {
      const a = way[3 * from + k] ?? 0;
      const b = way[3 * Math.min(from + 1, count - 1) + k] ?? a;
      line[4 * i + k] = a + share * (b - a);
    }
  }
  for (let round = 0; round < ROUNDS; round += 1)
    for (let k = 0; k < 3; k += 1) {
      let before = line[k] ?? 0;
      for (let i = 1; i < STATIONS - 1; i += 1) {
        const own = line[4 * i + k] ?? 0;
        line[4 * i + k] = (before + 2 * own + (line[4 * i + 4 + k] ?? 0)) / 4;
        before = own;
      }
    }
}

function dot3(row: (i: number) => number, v: number[]): number {
  return row(0) * (v[0] ?? 0) + row(1) * (v[1] ?? 0) + row(2) * (v[2] ?? 0);
}

function apart(points: Float64Array, a: number, b: number): number {
  return Math.hypot(
    (points[3 * a] ?? 0) - (points[3 * b] ?? 0),
    (points[3 * a + 1] ?? 0) - (points[3 * b + 1] ?? 0),
    (points[3 * a + 2] ?? 0) - (points[3 * b + 2] ?? 0),
  );
}
