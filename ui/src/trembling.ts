// How much landmarks tremble from image to image: in poor light, or far away, more than usual, and then
// hardly an angle is known. As on the server (`body/shaking`): a body moves smoothly, so the third
// difference of a place is hardly its own; what trembles by s leaves sqrt(20) s in it.
import { LANDMARK_COLUMNS } from "./wire";

interface Seen {
  atS: number;
  xy: number[];
}

/** The last images, and the trembling as followed, in lengths of the trunk; null: not known yet. */
export interface Trembling {
  before: Seen[];
  ratio: number | null;
}

const POINTS = [11, 12, 23, 24, 25, 26, 27, 28];
const SEEN = 0.5;
const LEAST_VALUES = 8;
const LONGEST_S = 0.12; // between images; more leaves too much of the body's own movement
const EVEN = 0.25;
const TAU_S = 2;
const OF_WHITE = 0.6745 * Math.sqrt(20);
const USUAL_M = 0.01;
const TRUNK_M = 0.5;
const MORE_THAN_USUAL = 1.5; // expert default

export const nothingSeen = (): Trembling => ({ before: [], ratio: null });

/** One image more; `trunk` in pixels, null where it is not seen. */
export function followed(
  now: Trembling,
  atS: number,
  values: ArrayLike<number>,
  trunk: number | null,
): Trembling {
  const xy = POINTS.flatMap((i) => {
    const n = i * LANDMARK_COLUMNS;
    const there = (values[n + 3] ?? 0) >= SEEN;
    return there ? [values[n] ?? NaN, values[n + 1] ?? NaN] : [NaN, NaN];
  });
  const images = [{ atS, xy }, ...now.before];
  const told = trunk === null ? null : told4(images, trunk);
  const before = images.slice(0, 3);
  if (told === null) return { before, ratio: now.ratio };
  if (now.ratio === null) return { before, ratio: told };
  const keeps = Math.exp(-(atS - (now.before[0]?.atS ?? atS)) / TAU_S);
  return { before, ratio: Math.hypot(Math.sqrt(keeps) * now.ratio, Math.sqrt(1 - keeps) * told) };
}

/** Clearly more than is usual. */
export const trembles = (now: Trembling): boolean =>
  now.ratio !== null && now.ratio > (MORE_THAN_USUAL * USUAL_M) / TRUNK_M;

/** Of four images, the latest first. */
function told4([a, b, c, d]: Seen[], trunk: number): number | null {
  if (!a || !b || !c || !d) return null;
  const steps = [a.atS - b.atS, b.atS - c.atS, c.atS - d.atS];
  if (Math.max(...steps) > LONGEST_S || Math.min(...steps) < (1 - EVEN) * Math.max(...steps)) return null;
  const third = a.xy.map((x, i) => Math.abs(x - 3 * (b.xy[i] ?? NaN) + 3 * (c.xy[i] ?? NaN) - (d.xy[i] ?? NaN)));
  const known = third.filter(Number.isFinite).sort((p, q) => p - q);
  if (known.length < LEAST_VALUES) return null;
  return (known[Math.floor(known.length / 2)] ?? 0) / (OF_WHITE * trunk);
}
