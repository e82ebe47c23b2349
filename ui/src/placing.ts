// When a session may begin by itself: what the exercise needs is in the picture, and keeps still. Pure:
// landmarks and light of one image after the other in, what is seen and what is missing out. All cuts
// are expert defaults; they only decide when to begin, and whoever likes begins without.
import { followed as trembled, nothingSeen, type Trembling, trembles } from "./trembling";
import { LANDMARK_COLUMNS } from "./wire";

export const PARTS = ["head", "shoulders", "hips", "knees", "ankles", "feet"] as const;
export type Part = (typeof PARTS)[number];
export type Side = "l" | "r";
export type View = "front" | "left" | "right";

/** What an exercise needs, as `/api/exercises/{id}/placing` tells it. */
export interface Wanted {
  view: View;
  near: Side | null;
  posture: string;
  parts: Part[];
  legs: Side[];
}

/** Mean brightness, 0 to 255, of the person and of what is around. */
export interface Light {
  person: number;
  around: number;
}

export interface Look {
  atS: number;
  values: ArrayLike<number>;
  width: number;
  height: number;
  people: number;
  light: Light | null;
}

/** Columns of the coarse image of brightness. */
export const LUMA_COLUMNS = 32;

export type PartState = "unseen" | "edge" | "seen";
export type Missing =
  | { kind: "nobody" | "people" | "dark" | "backlit" | "far" | "close" | "posture" | "still" }
  | { kind: "unseen" | "edge"; part: Part }
  | { kind: "turn"; to: View };

export interface Placed {
  parts: Record<Part, PartState>;
  /** The first thing to put right; null: nothing is. */
  missing: Missing | null;
  /** Light that is worth a word though everything is seen; or what is seen trembles. */
  light: "dark" | "backlit" | "shaky" | null;
  count: 3 | 2 | 1 | null;
  ready: boolean;
}

export interface State {
  atS: number | null;
  sight: Record<Part, number>;
  track: { atS: number; x: number; y: number }[];
  trembling: Trembling;
  goodSinceS: number | null;
  lastGoodS: number | null;
}

const SEEN = 0.5; // visibility at which a pose model is more right than not
const SETTLES_S = 0.3; // one image in which a part is lost does not make it lost
const MARGIN = 0.015;
const STILL_S = 1;
const STILL = 0.15; // of the trunk's length
const GOOD_S = 0.8; // before the count begins
const SLIP_S = 0.6; // so long something may be missing before the count begins anew
const COUNT = 3;
const FAR = 0.11; // trunk to height of the image
const CLOSE = 0.33;
const LOW = ["sitting", "half_kneeling"];
const STANDING = 1.25; // hips above ankles, to trunk: about 1.6 standing, 0.85 sitting and kneeling
const FACING = 0.38; // shoulders to trunk
const SIDEWAYS = 0.5;
const NEARER = 0.2; // depth between the sides, to trunk
const LYING_RAD = (50 * Math.PI) / 180;
const UPRIGHT_RAD = (40 * Math.PI) / 180;
const DARK = 45;
const BACKLIT_BY = 80;
const BACKLIT_BELOW = 85;

const POINTS: Record<Part, { l: number[]; r: number[] }> = {
  head: { l: [0, 7], r: [0, 8] },
  shoulders: { l: [11], r: [12] },
  hips: { l: [23], r: [24] },
  knees: { l: [25], r: [26] },
  ankles: { l: [27], r: [28] },
  feet: { l: [29, 31], r: [30, 32] },
};
const LYING = ["supine", "prone", "side_lying"];
const UPRIGHT = ["standing", "sitting", "half_kneeling"];

/** The view of an exercise for a side; the list tells that of the left one. */
export function facing(view: View, side: Side | null): View {
  if (view === "front" || side !== "r") return view;
  return view === "left" ? "right" : "left";
}

export function begin(): State {
  const sight = Object.fromEntries(PARTS.map((p) => [p, 0])) as Record<Part, number>;
  return { atS: null, sight, track: [], trembling: nothingSeen(), goodSinceS: null, lastGoodS: null };
}

export function step(wanted: Wanted, state: State, look: Look): [State, Placed] {
  const dt = state.atS === null ? SETTLES_S : Math.max(look.atS - state.atS, 0);
  const nearer = 1 - Math.exp(-dt / SETTLES_S);
  const parts = {} as Record<Part, PartState>;
  const sight = { ...state.sight };
  for (const part of PARTS) {
    const now = state.atS === null ? 1 : nearer;
    sight[part] += now * (visible(look, part, wanted) - sight[part]);
    parts[part] = sight[part] < SEEN ? "unseen" : inside(look, part, wanted) ? "seen" : "edge";
  }
  const track = followed(state, look);
  const trunk = look.people === 1 ? trunkOf(look) : null;
  const rests = trunk !== null && still(track, trunk.length);
  const trembling = trembled(state.trembling, look.atS, look.values, rests ? trunk.length : null);
  const light = lit(look.light);
  const missing = firstMissing(wanted, look, parts, track, light);
  const good = missing === null;
  const lastGoodS = good ? look.atS : state.lastGoodS;
  const slipped = lastGoodS === null || look.atS - lastGoodS > SLIP_S;
  const goodSinceS = slipped ? null : (state.goodSinceS ?? look.atS);
  const counted = goodSinceS === null ? -1 : look.atS - goodSinceS - GOOD_S;
  const ready = good && counted >= COUNT;
  // A number over "I can't see you" would say two things at once: it comes back where it had come to.
  const count = good && counted >= 0 && counted < COUNT ? ((COUNT - Math.floor(counted)) as 3 | 2 | 1) : null;
  const next = { atS: look.atS, sight, track, trembling, goodSinceS, lastGoodS };
  const worth = light ?? (trembles(trembling) ? "shaky" : null);
  return [next, { parts, missing, light: worth, count, ready }];
}

function firstMissing(
  wanted: Wanted,
  look: Look,
  parts: Record<Part, PartState>,
  track: State["track"],
  light: "dark" | "backlit" | null,
): Missing | null {
  if (wanted.parts.length === 0) return null; // who walks about need not be seen
  if (look.people === 0) return { kind: light ?? "nobody" };
  if (look.people > 1) return { kind: "people" };
  const trunk = trunkOf(look);
  const lost = wanted.parts.find((p) => parts[p] === "unseen");
  const cut = wanted.parts.find((p) => parts[p] === "edge");
  const tooClose = trunk !== null && trunk.length > CLOSE * look.height;
  if ((lost ?? cut) !== undefined && tooClose) return { kind: "close" };
  if (lost !== undefined) return light === null ? { kind: "unseen", part: lost } : { kind: light };
  if (cut !== undefined) return { kind: "edge", part: cut };
  if (trunk === null) return { kind: "nobody" };
  if (trunk.length < FAR * look.height) return { kind: "far" };
  if (!posed(wanted.posture, trunk.leanRad) || tooTall(wanted.posture, look, trunk.length))
    return { kind: "posture" };
  const turn = turned(wanted, look, trunk.length);
  if (turn !== null) return turn;
  return still(track, trunk.length) ? null : { kind: "still" };
}

/** From the front both sides of a part have to be seen, from the side the near one. */
function sides(part: Part, wanted: Wanted): Side[] {
  return part === "head" ? ["l", "r"] : wanted.legs;
}

function visible(look: Look, part: Part, wanted: Wanted): number {
  const of = sides(part, wanted).map((s) => Math.max(...POINTS[part][s].map((i) => sightOf(look, i))));
  return part === "head" ? Math.max(...of) : Math.min(...of);
}

function inside(look: Look, part: Part, wanted: Wanted): boolean {
  const within = (i: number): boolean => {
    const [x, y] = at(look, i);
    const [mx, my] = [MARGIN * look.width, MARGIN * look.height];
    return x >= mx && x <= look.width - mx && y >= my && y <= look.height - my;
  };
  const of = sides(part, wanted).map((s) => POINTS[part][s].some(within));
  return part === "head" ? of.some(Boolean) : of.every(Boolean);
}

function sightOf(look: Look, i: number): number {
  const [x] = at(look, i);
  return Number.isFinite(x) ? (look.values[i * LANDMARK_COLUMNS + 3] ?? 0) : 0;
}

function at(look: Look, i: number): [number, number, number] {
  const n = i * LANDMARK_COLUMNS;
  return [look.values[n] ?? NaN, look.values[n + 1] ?? NaN, look.values[n + 2] ?? NaN];
}

function middle(look: Look, a: number, b: number): [number, number] {
  const [p, q] = [at(look, a), at(look, b)];
  return [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2];
}

/** Length in pixels, and lean against upright, 0 to pi. */
function trunkOf(look: Look): { length: number; leanRad: number } | null {
  const [sx, sy] = middle(look, 11, 12);
  const [hx, hy] = middle(look, 23, 24);
  const length = Math.hypot(sx - hx, sy - hy);
  if (!(length > 0)) return null;
  return { length, leanRad: Math.abs(Math.atan2(sx - hx, hy - sy)) };
}

function posed(posture: string, leanRad: number): boolean {
  if (LYING.includes(posture)) return leanRad > LYING_RAD && leanRad < Math.PI - UPRIGHT_RAD;
  if (UPRIGHT.includes(posture)) return leanRad < UPRIGHT_RAD;
  return true; // on all fours the slope of the trunk is anybody's own
}

/** Whether the hips are as far above the ankles as in standing, where one should sit or kneel. */
function tooTall(posture: string, look: Look, trunk: number): boolean {
  if (!LOW.includes(posture)) return false;
  const ankles = [27, 28].filter((i) => sightOf(look, i) >= SEEN).map((i) => at(look, i)[1]);
  const [, hips] = middle(look, 23, 24);
  return ankles.length > 0 && Math.max(...ankles) - hips > STANDING * trunk;
}

function turned(wanted: Wanted, look: Look, trunk: number): Missing | null {
  const [l, r] = [at(look, 11), at(look, 12)];
  const shoulders = Math.hypot(l[0] - r[0], l[1] - r[1]) / trunk;
  if (wanted.near === null) return shoulders < FACING ? { kind: "turn", to: "front" } : null;
  if (shoulders > SIDEWAYS) return { kind: "turn", to: wanted.view };
  // Of image depth the smaller is the nearer one; where it does not say, nobody is turned round.
  const depth = [11, 23, 25].map((i) => at(look, i)[2] - at(look, i + 1)[2]);
  const ahead = depth.reduce((a, b) => a + b, 0) / depth.length / trunk;
  const wrong = wanted.near === "l" ? ahead > NEARER : ahead < -NEARER;
  return wrong ? { kind: "turn", to: wanted.view } : null;
}

function followed(state: State, look: Look): State["track"] {
  const [x, y] = middle(look, 23, 24);
  const kept = state.track.filter((p) => look.atS - p.atS <= STILL_S);
  return Number.isFinite(x + y) ? [...kept, { atS: look.atS, x, y }] : kept;
}

function still(track: State["track"], trunk: number): boolean {
  const xs = track.map((p) => p.x);
  const ys = track.map((p) => p.y);
  const far = Math.hypot(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
  return far <= STILL * trunk;
}

function lit(light: Light | null): "dark" | "backlit" | null {
  if (light === null) return null;
  if (light.person < BACKLIT_BELOW && light.around - light.person > BACKLIT_BY) return "backlit";
  return light.person < DARK && light.around < 2 * DARK ? "dark" : null;
}

/** Light of the person and around from a coarse image of brightness, row by row. */
export function lightOf(
  luma: ArrayLike<number>,
  columns: number,
  values: ArrayLike<number> | null,
  width: number,
  height: number,
): Light {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let n = 0; values !== null && n < values.length; n += LANDMARK_COLUMNS) {
    const [x, y, sight] = [values[n] ?? NaN, values[n + 1] ?? NaN, values[n + 3] ?? 0];
    if (!(sight >= SEEN)) continue;
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  const rows = luma.length / columns;
  const sums = { person: 0, around: 0 };
  const counts = { person: 0, around: 0 };
  for (let i = 0; i < luma.length; i += 1) {
    const x = (((i % columns) + 0.5) / columns) * width;
    const y = ((Math.floor(i / columns) + 0.5) / rows) * height;
    const who = x >= left && x <= right && y >= top && y <= bottom ? "person" : "around";
    sums[who] += luma[i] ?? 0;
    counts[who] += 1;
  }
  const whole = (sums.person + sums.around) / Math.max(luma.length, 1);
  const mean = (who: "person" | "around"): number =>
    counts[who] === 0 ? whole : sums[who] / counts[who];
  return { person: mean("person"), around: mean("around") };
}
