// The body that is drawn, as it was built on this machine at set-up: `session.body` in docs/formats.md.

const MAGIC = "LWBODY\0\0";
const VERSION = 1;
/** Bytes of one vertex: int16 place, two bones, int8 normal, share of the first, two parts. */
export const VERTEX_BYTES = 16;

export interface Fascicle {
  group: number;
  radius_m: number;
  /** Places of points; of surfaces between two points as -1 - place. */
  way: number[];
}

export interface Pack {
  stature_m: number;
  bind: number[];
  reach_m: number;
  bones: string[];
  parts: string[];
  /** Left and right, in the bind posture. */
  shoulders_m: [number[], number[]];
  muscles: Fascicle[];
  /** Bone, part, first face and number of faces of what one bone carries. */
  bone_pieces: [number, number, number, number][];
  /** The same of `boneCoarse`. */
  coarse_pieces: [number, number, number, number][];
  boneVertices: Uint8Array;
  boneFaces: Uint16Array;
  /** Fewer faces between the same vertices. */
  boneCoarse: Uint16Array;
  skinVertices: Uint8Array;
  skinFaces: Uint16Array;
  /** (p, 4) bone and place in it. */
  points: Float32Array;
  /** (s, 18) bone, kind, radius, centre, rotation by rows, a point on the given side. */
  surfaces: Float32Array;
}

export function readPack(raw: ArrayBuffer): Pack {
  const view = new DataView(raw);
  const magic = new TextDecoder().decode(raw.slice(0, 8));
  if (magic !== MAGIC || view.getUint32(8, true) !== VERSION)
    throw new Error("this body is of another version");
  const start = 16 + view.getUint32(12, true);
  const head = JSON.parse(new TextDecoder().decode(raw.slice(16, start))) as Omit<
    Pack,
    "boneVertices" | "boneFaces" | "boneCoarse" | "skinVertices" | "skinFaces" | "points" | "surfaces"
  > & { arrays: Record<string, [number, number]> };
  const part = (name: string): ArrayBuffer => {
    const [at, length] = head.arrays[name] ?? [0, 0];
    return raw.slice(start + at, start + at + length);
  };
  return {
    ...head,
    boneVertices: new Uint8Array(part("bone_vertices")),
    boneFaces: new Uint16Array(part("bone_faces")),
    boneCoarse: new Uint16Array(part("bone_coarse")),
    skinVertices: new Uint8Array(part("skin_vertices")),
    skinFaces: new Uint16Array(part("skin_faces")),
    points: new Float32Array(part("points")),
    surfaces: new Float32Array(part("surfaces")),
  };
}
