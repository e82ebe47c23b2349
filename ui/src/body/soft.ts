// The shapes that bend with the body, as vertices for a picture: the skin and the tubes of the muscles.
// Computed here once a picture; the graphics of a machine without a card would do it slower.
import { STATIONS } from "./course";
import { type Pack, VERTEX_BYTES } from "./pack";
import { type Scene, TUBE_FLOATS } from "./scene";

/** Corners around one tube. */
export const CORNERS = 6;
const RING = STATIONS * CORNERS;
/** Bytes of a vertex: three floats of place, then int8 normal and fog, or colour and filling. */
export const SKIN_BYTES = 16;
export const TUBE_BYTES = 20;

/** The skin, each vertex between the two bones that carry it. */
export class Skin {
  readonly vertices: ArrayBuffer;
  private readonly floats: Float32Array;
  private readonly bytes: Int8Array;
  private readonly rest: Float32Array;
  private readonly normals: Float32Array;
  private readonly carriers: Uint8Array;
  private readonly count: number;

  constructor(pack: Pack, scale: number) {
    const view = new DataView(pack.skinVertices.buffer);
    this.count = pack.skinVertices.length / VERTEX_BYTES;
    this.vertices = new ArrayBuffer(this.count * SKIN_BYTES);
    this.floats = new Float32Array(this.vertices);
    this.bytes = new Int8Array(this.vertices);
    this.rest = new Float32Array(3 * this.count);
    this.normals = new Float32Array(3 * this.count);
    // Two bones, the share of the first, two parts.
    this.carriers = new Uint8Array(5 * this.count);
    for (let i = 0; i < this.count; i += 1) {
      const at = i * VERTEX_BYTES;
      for (let k = 0; k < 3; k += 1) {
        this.rest[3 * i + k] = (scale * pack.reach_m * view.getInt16(at + 2 * k, true)) / 32767;
        this.normals[3 * i + k] = view.getInt8(at + 8 + k);
      }
      this.carriers.set([6, 7, 11, 12, 13].map((k) => view.getUint8(at + k)), 5 * i);
    }
  }

  bend({ pose, fog }: Scene): ArrayBuffer {
    const { rest, normals, carriers, floats, bytes } = this;
    for (let i = 0; i < this.count; i += 1) {
      const a = 12 * (carriers[5 * i] as number);
      const b = 12 * (carriers[5 * i + 1] as number);
      const w = (carriers[5 * i + 2] as number) / 255;
      const [x, y, z] = [rest[3 * i] as number, rest[3 * i + 1] as number, rest[3 * i + 2] as number];
      const [nx, ny, nz] = [normals[3 * i] as number, normals[3 * i + 1] as number, normals[3 * i + 2] as number];
      for (let k = 0; k < 3; k += 1) {
        const [p, q] = [a + 4 * k, b + 4 * k];
        const m0 = (pose[q] as number) + w * ((pose[p] as number) - (pose[q] as number));
        const m1 = (pose[q + 1] as number) + w * ((pose[p + 1] as number) - (pose[q + 1] as number));
        const m2 = (pose[q + 2] as number) + w * ((pose[p + 2] as number) - (pose[q + 2] as number));
        const m3 = (pose[q + 3] as number) + w * ((pose[p + 3] as number) - (pose[q + 3] as number));
        floats[4 * i + k] = m0 * x + m1 * y + m2 * z + m3;
        bytes[SKIN_BYTES * i + 12 + k] = m0 * nx + m1 * ny + m2 * nz;
      }
      const [f, g] = [fog[carriers[5 * i + 3] as number] as number, fog[carriers[5 * i + 4] as number] as number];
      bytes[SKIN_BYTES * i + 15] = 127 * (g + w * (f - g));
    }
    return this.vertices;
  }
}

/** All tubes, one after the other in the order of the scene. */
export class Tubes {
  readonly vertices: ArrayBuffer;
  private readonly floats: Float32Array;
  private readonly bytes: Int8Array;
  private readonly colours: Uint8Array;

  constructor(count: number) {
    this.vertices = new ArrayBuffer(count * RING * TUBE_BYTES);
    this.floats = new Float32Array(this.vertices);
    this.bytes = new Int8Array(this.vertices);
    this.colours = new Uint8Array(this.vertices);
  }

  /** In the world; `stand` of the scene turns what the pelvis sees. */
  roll({ lines, tubes, stand }: Scene): ArrayBuffer {
    const count = tubes.length / TUBE_FLOATS;
    for (let i = 0; i < count; i += 1) {
      const from = TUBE_FLOATS * i;
      const base = 4 * STATIONS * (tubes[from] as number);
      const [r, g, b] = [1, 2, 3].map((k) => 255 * (tubes[from + k] as number)) as [number, number, number];
      const fill = tubes[from + 4] as number;
      for (let s = 0; s < STATIONS; s += 1)
        this.ring(lines, base, s, stand, RING * i + CORNERS * s, r, g, b, fill);
    }
    return this.vertices;
  }

  private ring(
    lines: Float32Array, base: number, s: number, m: Float32Array, first: number,
    r: number, g: number, b: number, fill: number,
  ): void {
    const { floats, bytes, colours } = this;
    const here = base + 4 * s;
    const next = base + 4 * Math.min(s + 1, STATIONS - 1);
    const before = base + 4 * Math.max(s - 1, 0);
    const at = (i: number): number => lines[i] as number;
    let [ax, ay, az] = [at(next) - at(before), at(next + 1) - at(before + 1), at(next + 2) - at(before + 2)];
    const n = Math.hypot(ax, ay, az) || 1;
    [ax, ay, az] = [ax / n, ay / n, az / n];
    // Across the tube twice; the given direction is one that no muscle follows.
    let [bx, by, bz] = [ay * REF[2] - az * REF[1], az * REF[0] - ax * REF[2], ax * REF[1] - ay * REF[0]];
    const k = Math.hypot(bx, by, bz) || 1;
    [bx, by, bz] = [bx / k, by / k, bz / k];
    const [cx, cy, cz] = [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
    const radius = at(here + 3);
    for (let c = 0; c < CORNERS; c += 1) {
      const [u, v] = [COS[c] as number, SIN[c] as number];
      const [ox, oy, oz] = [bx * u + cx * v, by * u + cy * v, bz * u + cz * v];
      const [x, y, z] = [at(here) + radius * ox, at(here + 1) + radius * oy, at(here + 2) + radius * oz];
      const to = first + c;
      for (let d = 0; d < 3; d += 1) {
        const [p, q, w] = [m[d] as number, m[4 + d] as number, m[8 + d] as number];
        floats[5 * to + d] = p * x + q * y + w * z;
        bytes[TUBE_BYTES * to + 12 + d] = 127 * (p * ox + q * oy + w * oz);
      }
      bytes[TUBE_BYTES * to + 15] = s;
      const ink = TUBE_BYTES * to + 16;
      colours[ink] = r;
      colours[ink + 1] = g;
      colours[ink + 2] = b;
      colours[ink + 3] = fill;
    }
  }
}

/** Faces of `count` tubes; `every` 2 leaves out every other station and corner. */
export function tubeFaces(count: number, every: 1 | 2): Uint16Array {
  const faces = new Uint16Array(count * tubeIndices(every));
  let at = 0;
  for (let i = 0; i < count; i += 1)
    for (let s = 0; s < STATIONS - 1; s += every)
      for (let c = 0; c < CORNERS; c += every) {
        const a = RING * i + CORNERS * s + c;
        const b = RING * i + CORNERS * s + ((c + every) % CORNERS);
        const on = CORNERS * every;
        faces.set([a, b, b + on, a, b + on, a + on], at);
        at += 6;
      }
  return faces;
}

/** Corners of faces of one tube. */
export function tubeIndices(every: 1 | 2): number {
  return ((STATIONS - 1) * CORNERS * 6) / (every * every);
}

const REF = [0.62, 0.21, 0.756] as const;
const COS = Array.from({ length: CORNERS }, (_, c) => Math.cos((2 * Math.PI * c) / CORNERS));
const SIN = Array.from({ length: CORNERS }, (_, c) => Math.sin((2 * Math.PI * c) / CORNERS));
