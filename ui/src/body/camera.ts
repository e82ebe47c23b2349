// Where the viewer stands: as before a mirror, so that the left of the person is on the left.
import { apply } from "./paths";

export type SeenFrom = "front" | "left" | "right";

const LENS = (20 * Math.PI) / 180;
const OFF = (13 * Math.PI) / 180;
/** Around the person, 0 in front, + to their left; a little off the pure side, so that depth shows. */
const YAW: Record<SeenFrom, number> = { front: OFF, left: Math.PI / 2 - OFF, right: OFF - Math.PI / 2 };
const PITCH = 0.11;
const MARGIN = 1.07;
/** Room above and below, for what is written there; a little more below. */
const ROOM = 1.26;
const RAISED = 0.035;
const CLOSE_IN = 0.06;
const GROW = 0.35;

export interface Look {
  /** (16) column by column, world (front, up, right) to the viewer's axes. */
  view: Float32Array;
  lens: Float32Array;
  /** World axes of the viewer, rows: right of the picture, up, towards the viewer. */
  axes: number[];
  /** Pixels of the picture for a metre at the middle of the body. */
  perMetre: number;
}

interface Frame {
  centre: [number, number];
  half: [number, number];
  deep: number;
  /** The middle along the way to the viewer. */
  at: number;
}

export class Camera {
  private yaw = 0;
  private pitch = PITCH;
  private near = 1;
  private wanted = { yaw: 0, pitch: PITCH };
  private frame: Frame | null = null;
  private home: SeenFrom = "front";

  /** The side that the exercise is seen from; `at once` without a way there. */
  stand(from: SeenFrom): void {
    this.home = from;
    this.reset();
    this.yaw = this.wanted.yaw;
    this.frame = null;
  }

  reset(): void {
    this.wanted = { yaw: YAW[this.home], pitch: PITCH };
    this.near = 1;
  }

  turn(dYaw: number, dPitch: number, atOnce = false): void {
    this.wanted.yaw += dYaw;
    this.wanted.pitch = Math.min(Math.max(this.wanted.pitch + dPitch, -0.4), 1.45);
    if (atOnce) [this.yaw, this.pitch] = [this.wanted.yaw, this.wanted.pitch];
  }

  closer(factor: number): void {
    this.near = Math.min(Math.max(this.near * factor, 0.6), 6);
  }

  /** A step of the way to where it is wanted; whether there is more to go. */
  ease(still: boolean): boolean {
    const share = still ? 1 : 0.22;
    const [dYaw, dPitch] = [this.wanted.yaw - this.yaw, this.wanted.pitch - this.pitch];
    this.yaw += share * dYaw;
    this.pitch += share * dPitch;
    return Math.abs(dYaw) + Math.abs(dPitch) > 2e-3;
  }

  /** How much the viewer sees the side of a pelvis (0 its front or back, 1 its side). */
  sideness(attitude: number[]): number {
    const towards = this.axes().slice(6);
    const along = (column: number): number =>
      [0, 1, 2].reduce((sum, r) => sum + (towards[r] ?? 0) * (attitude[3 * r + column] ?? 0), 0);
    const [front, right] = [along(0), along(2)];
    const all = Math.hypot(front, right);
    return all < 1e-6 ? 0.5 : Math.abs(right) / all;
  }

  /** The look at points (n, 3) of the world, all in the picture, without haste. */
  look(points: Float32Array, width: number, height: number, still: boolean): Look {
    const axes = this.axes();
    const seen = bounds(points, axes);
    const frame = this.settle(seen, still);
    const aspect = width / height;
    const [cx, cy] = frame.centre;
    const half = Math.max(frame.half[1] * ROOM, (frame.half[0] / aspect) * MARGIN);
    const far = half / Math.tan(LENS / 2) / this.near + frame.deep;
    const [r, u, t] = [axes.slice(0, 3), axes.slice(3, 6), axes.slice(6, 9)];
    const view = new Float32Array(16);
    [r, u, t].forEach((axis, row) => axis.forEach((v, column) => (view[4 * column + row] = v)));
    view.set([-cx, -cy, -frame.at - far, 1], 12);
    const f = 1 / Math.tan(LENS / 2);
    const [first, last] = [Math.max(far - 2.2, 0.05), far + 2.2];
    const lens = new Float32Array([
      f / aspect, 0, 0, 0, 0, f, 0, 0,
      0, -RAISED, (last + first) / (first - last), -1,
      0, 0, (2 * last * first) / (first - last), 0,
    ]);
    return { view, lens, axes, perMetre: (height * f) / 2 / far };
  }

  private axes(): number[] {
    const [c, s] = [Math.cos(this.yaw), Math.sin(this.yaw)];
    const [cp, sp] = [Math.cos(this.pitch), Math.sin(this.pitch)];
    // World: front, up, right of whoever stands upright. As in a mirror: right of the picture is
    // towards x up, and not up x towards.
    return [s, 0, c, -sp * c, cp, sp * s, cp * c, sp, -cp * s];
  }

  /** Grows soon, so that nothing is cut off; draws in slowly, so that the body does not breathe. */
  private settle(seen: Frame, still: boolean): Frame {
    const before = this.frame;
    if (before === null || still) return (this.frame = seen);
    const to = (a: number, b: number, share: number): number => a + share * (b - a);
    const grown = (a: number, b: number): number => to(a, b, b > a ? GROW : CLOSE_IN);
    this.frame = {
      centre: [to(before.centre[0], seen.centre[0], 0.15), to(before.centre[1], seen.centre[1], 0.15)],
      half: [grown(before.half[0], seen.half[0]), grown(before.half[1], seen.half[1])],
      deep: grown(before.deep, seen.deep),
      at: to(before.at, seen.at, 0.15),
    };
    return this.frame;
  }
}

function bounds(points: Float32Array, axes: number[]): Frame {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 3) {
    const seen = apply(axes, points[i] ?? 0, points[i + 1] ?? 0, points[i + 2] ?? 0);
    seen.forEach((v, k) => {
      low[k] = Math.min(low[k] ?? v, v);
      high[k] = Math.max(high[k] ?? v, v);
    });
  }
  const middle = low.map((v, k) => (v + (high[k] ?? v)) / 2);
  const half = low.map((v, k) => ((high[k] ?? v) - v) / 2);
  return {
    centre: [middle[0] ?? 0, middle[1] ?? 0],
    half: [half[0] ?? 1, half[1] ?? 1],
    deep: half[2] ?? 0,
    at: middle[2] ?? 0,
  };
}

/** Where a point of the world stands in a picture, pixels. */
export function onPicture(look: Look, width: number, height: number, p: ArrayLike<number>): [number, number] {
  const v = look.view;
  const row = (r: number): number =>
    (v[r] ?? 0) * (p[0] ?? 0) + (v[4 + r] ?? 0) * (p[1] ?? 0) + (v[8 + r] ?? 0) * (p[2] ?? 0) + (v[12 + r] ?? 0);
  const depth = -row(2);
  const x = ((look.lens[0] ?? 1) * row(0)) / depth;
  const y = ((look.lens[5] ?? 1) * row(1)) / depth + RAISED;
  return [((1 + x) * width) / 2, ((1 - y) * height) / 2];
}
