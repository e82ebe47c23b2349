// The way of a muscle around a sphere or a cylinder, by the rules of docs/formats.md (`muscles.paths`).

const NEAR = 1e-15;
const FREE = null;
/** Points along an arc, beside the two that it begins and ends with. */
const ALONG = 3;

type Point = readonly [number, number, number];

/** Points between p and q, both in the axes of the surface; none where the way is straight. */
export function around(p: Point, q: Point, side: Point, sphere: boolean, radius: number): number[][] {
  return sphere ? aroundSphere(p, q, side, radius) : aroundCylinder(p, q, side, radius);
}

interface Arc {
  /** Radians, + from the first axis to the second. */
  angle: number;
  before: number;
  after: number;
  start: [number, number];
}

function aroundCylinder(p: Point, q: Point, side: Point, radius: number): number[][] {
  const arc = aroundCircle(p[0], p[1], q[0], q[1], radius, side[0], side[1]);
  if (arc === FREE) return [];
  // Along the axis it goes as on a sheet unrolled.
  const flat = arc.before + radius * Math.abs(arc.angle) + arc.after;
  const slope = (q[2] - p[2]) / flat;
  return steps(arc).map(([x, y, gone]) => [x, y, p[2] + slope * (arc.before + radius * Math.abs(gone))]);
}

function aroundSphere(p: Point, q: Point, side: Point, radius: number): number[][] {
  const n: Point = [
    p[1] * q[2] - p[2] * q[1],
    p[2] * q[0] - p[0] * q[2],
    p[0] * q[1] - p[1] * q[0],
  ];
  const size = Math.hypot(...n);
  const far = Math.hypot(...p);
  if (size < NEAR || far < radius) return [];
  const e = p.map((v) => v / far) as unknown as Point;
  const f: Point = [
    (n[1] * e[2] - n[2] * e[1]) / size,
    (n[2] * e[0] - n[0] * e[2]) / size,
    (n[0] * e[1] - n[1] * e[0]) / size,
  ];
  const dot = (a: Point, b: Point): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  const arc = aroundCircle(far, 0, dot(q, e), dot(q, f), radius, dot(side, e), dot(side, f));
  if (arc === FREE) return [];
  return steps(arc).map(([x, y]) => [0, 1, 2].map((k) => x * (e[k] ?? 0) + y * (f[k] ?? 0)));
}

function steps(arc: Arc): [number, number, number][] {
  const [x, y] = arc.start;
  return Array.from({ length: ALONG + 2 }, (_, i) => {
    const gone = (arc.angle * i) / (ALONG + 1);
    const [c, s] = [Math.cos(gone), Math.sin(gone)];
    return [c * x - s * y, s * x + c * y, gone];
  });
}

function offLine(
  px: number, py: number, qx: number, qy: number, r2: number, sx: number, sy: number,
): boolean {
  const [dx, dy] = [qx - px, qy - py];
  const d2 = dx * dx + dy * dy;
  if (d2 < NEAR) return false;
  const along = -(dx * px + dy * py);
  if (along <= 0) return px * sx + py * sy < 0;
  if (along >= d2) return qx * sx + qy * sy < 0;
  const across = px * qy - py * qx;
  return across * across <= r2 * d2 || d2 * (px * sx + py * sy) + along * (dx * sx + dy * sy) < 0;
}

function aroundCircle(
  px: number, py: number, qx: number, qy: number, radius: number, sx: number, sy: number,
): Arc | typeof FREE {
  const r2 = radius * radius;
  const [p2, q2] = [px * px + py * py, qx * qx + qy * qy];
  if (p2 < r2 || q2 < r2 || !offLine(px, py, qx, qy, r2, sx, sy)) return FREE;
  const [before, after] = [Math.sqrt(p2 - r2), Math.sqrt(q2 - r2)];
  const least = Math.min(before, after);
  // Over the one side (turn 1) and over the other (-1): where tangents touch, and the arc between.
  const ways = [1, -1].map((turn) => {
    const touch = (x: number, y: number, n2: number, tangent: number, way: number): [number, number] => [
      (r2 * x - way * radius * tangent * -y) / n2,
      (r2 * y - way * radius * tangent * x) / n2,
    ];
    const start = touch(px, py, p2, before, turn);
    const end = touch(qx, qy, q2, after, -turn);
    const sine = turn * (start[1] * end[0] - start[0] * end[1]);
    const cosine = start[0] * end[0] + start[1] * end[1];
    let angle = Math.atan2(sine, cosine);
    if (angle < 0) angle += 2 * Math.PI;
    const crossed = angle > Math.PI && radius * Math.tan((2 * Math.PI - angle) / 2) <= least;
    const middle = [start[0] + end[0], start[1] + end[1]] as const;
    const near = (middle[0] * sx + middle[1] * sy) / Math.max(Math.hypot(...middle), NEAR);
    return { angle: -turn * angle, before, after, start, crossed, near };
  });
  const open = ways.filter((way) => !way.crossed);
  const [first, second] = open;
  if (first === undefined) return FREE;
  return second !== undefined && second.near >= first.near ? second : first;
}
