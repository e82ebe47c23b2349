// From what browsers report to specific force (m/s2) and turn (rad/s) in the phone's own axes: x to
// the right of the screen, y to its top edge, z out of it. At rest specific force points up.
//
// Engines differ. Apple's report the opposite of specific force; which it is shows against the phone's
// attitude, where that is reported, else by the engine's maker. Turns are about x, y, z in the order
// alpha, beta, gamma in every engine of today; documents of long ago say z, x, y, so the order is
// checked against how up turns, and the other one taken where that fits plainly better.

export type Vector = [number, number, number];

export interface MotionLike {
  timeStamp: number;
  accelerationIncludingGravity: { x: number | null; y: number | null; z: number | null } | null;
  rotationRate: { alpha: number | null; beta: number | null; gamma: number | null } | null;
}

export interface Reading {
  tS: number;
  force: Vector;
  turn: Vector;
}

const RAD = Math.PI / 180;
const LIKE_GRAVITY = [8.5, 11.2] as const;
const ATTITUDE_GOOD_FOR_S = 0.2;
const PLAIN = 0.5;
const FEWEST_VOTES = 5;
const MOST_VOTES = 50;
const WINDOW_S = 0.4;
const LEAST_TURN_RAD = 0.12;
const AGAIN_AFTER_S = 0.2;
const LONGEST_STEP_S = 0.1;

export class Reader {
  /** Whether the phone has no gyroscope, or none that this browser tells of. */
  lacksTurns = false;
  private signVotes = 0;
  private orderVotes = 0;
  private attitude: { tS: number; up: Vector } | null = null;
  private window: Window | null = null;
  private last: Reading | null = null;
  private repeated = false;

  constructor(private readonly apple: boolean) {}

  /** Angles of a deviceorientation event, degrees: they mean the same in every engine. */
  orientation(tS: number, beta: number | null, gamma: number | null): void {
    if (beta === null || gamma === null) return;
    const [b, g] = [beta * RAD, gamma * RAD];
    const up: Vector = [-Math.cos(b) * Math.sin(g), Math.sin(b), Math.cos(b) * Math.cos(g)];
    this.attitude = { tS, up };
  }

  /** The reading of an event; null where it holds none, or none that is new. */
  motion(event: MotionLike, tS: number = event.timeStamp / 1000): Reading | null {
    const a = event.accelerationIncludingGravity;
    const r = event.rotationRate;
    if (a === null || a.x === null || a.y === null || a.z === null) return null;
    if (r === null || r.alpha === null || r.beta === null || r.gamma === null) {
      this.lacksTurns = true;
      return null;
    }
    const raw: Vector = [a.x, a.y, a.z];
    const rates: Vector = [r.alpha * RAD, r.beta * RAD, r.gamma * RAD];
    if (![...raw, ...rates, tS].every(Number.isFinite)) return null;
    this.lacksTurns = false;
    this.voteSign(tS, raw);
    const sign = this.sign();
    const force = raw.map((v) => sign * v) as Vector;
    this.voteOrder(tS, force, rates);
    return this.news({ tS, force, turn: this.orderVotes < -FEWEST_VOTES ? ofOld(rates) : rates });
  }

  private sign(): number {
    if (Math.abs(this.signVotes) >= FEWEST_VOTES) return Math.sign(this.signVotes);
    return this.apple ? -1 : 1;
  }

  private voteSign(tS: number, raw: Vector): void {
    const at = this.attitude;
    if (at === null || Math.abs(tS - at.tS) > ATTITUDE_GOOD_FOR_S || !likeGravity(raw)) return;
    const cosine = dot(raw, at.up) / length(raw);
    if (Math.abs(cosine) > PLAIN) this.signVotes = within(this.signVotes + Math.sign(cosine));
  }

  /** How up turned over a moment, against what either order of the turns says. */
  private voteOrder(tS: number, force: Vector, rates: Vector): void {
    const w = this.window;
    if (w === null || tS - w.tS > LONGEST_STEP_S || tS <= w.tS) {
      this.window = begun(tS, force);
      return;
    }
    const dtS = tS - w.tS;
    w.tS = tS;
    w.today = turned(w.today, rates, dtS);
    w.old = turned(w.old, ofOld(rates), dtS);
    if (tS - w.sinceS < WINDOW_S) return;
    const up = unit(force);
    const moved = length(minus(up, w.begun));
    if (likeGravity(force) && w.steady && moved > LEAST_TURN_RAD) {
      const [today, old] = [length(minus(up, w.today)), length(minus(up, w.old))];
      if (Math.min(today, old) < PLAIN * Math.max(today, old)) {
        this.orderVotes = within(this.orderVotes + (today < old ? 1 : -1));
      }
    }
    this.window = begun(tS, force);
  }

  /**
   * Browsers round, and report by the clock: of a reading that repeats to the last digit only one more
   * goes on, after a while. A sensor that hangs is then silent, as it should be.
   */
  private news(now: Reading): Reading | null {
    const before = this.last;
    if (before !== null) {
      if (now.tS <= before.tS) return null;
      const same = equal(now.force, before.force) && equal(now.turn, before.turn);
      if (same && (this.repeated || now.tS - before.tS < AGAIN_AFTER_S)) return null;
      this.repeated = same;
    }
    this.last = now;
    return now;
  }
}

interface Window {
  sinceS: number;
  tS: number;
  begun: Vector;
  today: Vector;
  old: Vector;
  steady: boolean;
}

function begun(tS: number, force: Vector): Window {
  const up = unit(force);
  return { sinceS: tS, tS, begun: up, today: up, old: up, steady: likeGravity(force) };
}

/** A direction that stays in the world, in the axes of what turns by `rates` for a moment. */
function turned(up: Vector, rates: Vector, dtS: number): Vector {
  const moved = cross(rates, up);
  return unit([up[0] - dtS * moved[0], up[1] - dtS * moved[1], up[2] - dtS * moved[2]]);
}

const ofOld = ([alpha, beta, gamma]: Vector): Vector => [beta, gamma, alpha];
const within = (votes: number): number => Math.max(-MOST_VOTES, Math.min(MOST_VOTES, votes));
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const length = (a: Vector): number => Math.sqrt(dot(a, a));
const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const equal = (a: Vector, b: Vector): boolean => a.every((v, i) => v === b[i]);
const likeGravity = (a: Vector): boolean =>
  length(a) > LIKE_GRAVITY[0] && length(a) < LIKE_GRAVITY[1];

function unit(a: Vector): Vector {
  const l = length(a) || 1;
  return [a[0] / l, a[1] / l, a[2] / l];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
