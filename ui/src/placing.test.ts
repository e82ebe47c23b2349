import { describe, expect, it } from "vitest";
import {
  begin,
  facing,
  type Look,
  lightOf,
  type Missing,
  type Placed,
  type State,
  step,
  type Wanted,
} from "./placing";
import frames from "./placing.frames.json";
import { LANDMARK_COLUMNS } from "./wire";

const FRONT: Wanted = {
  view: "front",
  near: null,
  posture: "standing",
  parts: ["head", "shoulders", "hips", "knees", "ankles"],
  legs: ["l", "r"],
};
const LEFT: Wanted = { ...FRONT, view: "left", near: "l", legs: ["l"] };
const [WIDTH, HEIGHT] = [640, 480];
type Row = [number, number, number, number];

function look(rows: number[][], change: (row: Row, i: number) => Row = (row) => row): Look {
  const values = new Float32Array(33 * LANDMARK_COLUMNS);
  rows.forEach((row, i) => values.set(change([...row] as Row, i), i * LANDMARK_COLUMNS));
  return { atS: 0, values, width: WIDTH, height: HEIGHT, people: 1, light: null };
}

/** The same image again and again, ten times a second, from `fromS` on. */
function watched(wanted: Wanted, one: Look, seconds: number, from?: State): [State, Placed[]] {
  let state = from ?? begin();
  const start = state.atS === null ? 0 : state.atS + 0.1;
  const found: Placed[] = [];
  for (let i = 0; i <= Math.round(seconds * 10); i += 1) {
    const [next, placed] = step(wanted, state, { ...one, atS: start + i / 10 });
    state = next;
    found.push(placed);
  }
  return [state, found];
}

const settled = (wanted: Wanted, one: Look): Placed => {
  const [, found] = watched(wanted, one, 1.5);
  return found[found.length - 1] as Placed;
};
const missing = (wanted: Wanted, one: Look): Missing | null => settled(wanted, one).missing;
const unseen = (...of: number[]) => (row: Row, i: number): Row =>
  of.includes(i) ? [row[0], row[1], row[2], 0.1] : row;

describe("a real person from the front", () => {
  const seen = look(frames.front);

  it("is seen in every part, counted down three, two, one, and begins by itself", () => {
    const [, found] = watched(FRONT, seen, 4.5);
    expect(found[3]?.count).toBeNull();
    const counts = found.map((p) => p.count).filter((n) => n !== null);
    expect([...new Set(counts)]).toEqual([3, 2, 1]);
    expect(found.findIndex((p) => p.ready)).toBe(38);
    expect(Object.values(found[9]?.parts ?? {}).every((p) => p === "seen")).toBe(true);
  });

  it("is asked for the first part that is not seen, from the head down", () => {
    expect(missing(FRONT, look(frames.front, unseen(26, 28)))).toEqual({ kind: "unseen", part: "knees" });
    expect(missing(FRONT, look(frames.front, unseen(28)))).toEqual({ kind: "unseen", part: "ankles" });
  });

  it("need not show what the exercise does not need", () => {
    const seated: Wanted = { ...FRONT, parts: ["head", "shoulders", "hips"] };
    expect(missing(seated, look(frames.front, unseen(25, 26, 27, 28)))).toBeNull();
  });

  it("is asked to turn for an exercise from the side", () => {
    expect(missing(LEFT, seen)).toEqual({ kind: "turn", to: "left" });
  });

  it("is told of an ankle that the image cuts off", () => {
    const lower = look(frames.front, ([x, y, z, v]) => [x, y + 55, z, v]);
    expect(missing(FRONT, lower)).toEqual({ kind: "edge", part: "ankles" });
  });

  it("is asked to come closer from far away, and back from too near", () => {
    const scaled = (by: number) =>
      look(frames.front, ([x, y, z, v]) => [320 + by * (x - 320), 240 + by * (y - 240), z * by, v]);
    expect(missing(FRONT, scaled(0.35))).toEqual({ kind: "far" });
    expect(missing(FRONT, scaled(1.5))).toEqual({ kind: "close" });
  });

  it("is asked to lie down for an exercise that begins lying", () => {
    expect(missing({ ...LEFT, posture: "supine" }, look(frames.left))).toEqual({ kind: "posture" });
  });

  it("is asked to sit or kneel where that is the position, as far as the ankles tell", () => {
    for (const posture of ["sitting", "half_kneeling"]) {
      expect(missing({ ...FRONT, posture }, look(frames.front))).toEqual({ kind: "posture" });
      const cut = look(frames.front, unseen(27, 28));
      const upTo: Wanted = { ...FRONT, posture, parts: ["head", "shoulders", "hips"] };
      expect(missing(upTo, cut)).toBeNull();
      const low = look(frames.front, ([x, y, z, v], i) =>
        [27, 28].includes(i) ? [x, frames.front[25]![1]! + 20, z, v] : [x, y, z, v],
      );
      expect(missing({ ...FRONT, posture }, low)).toBeNull();
    }
  });

  it("does not begin while moving about", () => {
    let state = begin();
    for (let i = 0; i < 60; i += 1) {
      const moved = look(frames.front, ([x, y, z, v]) => [x + 60 * Math.sin(i / 3), y, z, v]);
      const [next, placed] = step(FRONT, state, { ...moved, atS: i / 10 });
      state = next;
      if (i > 10) expect(placed.missing).toEqual({ kind: "still" });
      expect(placed.ready).toBe(false);
    }
  });
});

describe("a real person from the left side", () => {
  it("is placed for an exercise of the left side though the right knee is half hidden", () => {
    const hidden = look(frames.left, unseen(26, 28));
    expect(missing(LEFT, hidden)).toBeNull();
  });

  it("is asked to turn round for one of the right side, and to face the camera for one from the front", () => {
    const right: Wanted = { ...LEFT, view: "right", near: "r", legs: ["r"] };
    expect(missing(right, look(frames.left))).toEqual({ kind: "turn", to: "right" });
    expect(missing(FRONT, look(frames.left))).toEqual({ kind: "turn", to: "front" });
  });
});

describe("the count", () => {
  const good = look(frames.front);
  const lost = look(frames.front, unseen(25, 26, 27, 28));

  it("bears one bad image and no longer gap", () => {
    let [state] = watched(FRONT, good, 2);
    [state] = watched(FRONT, { ...lost, people: 0 }, 0.2, state);
    const [, on] = watched(FRONT, good, 0.2, state);
    expect(on[on.length - 1]?.count).not.toBeNull();
    [state] = watched(FRONT, { ...lost, people: 0 }, 1.5, state);
    const [, anew] = watched(FRONT, good, 0.2, state);
    expect(anew[anew.length - 1]?.count).toBeNull();
  });

  it("is hidden while something is missing, and comes back where it had come to", () => {
    let [state, found] = watched(FRONT, good, 2);
    const before = found[found.length - 1]?.count;
    [state, found] = watched(FRONT, { ...lost, people: 0 }, 0.3, state);
    expect(new Set(found.map((p) => p.count))).toEqual(new Set([null]));
    [, found] = watched(FRONT, good, 0.2, state);
    expect(found[found.length - 1]?.count).toBe(before);
  });

  it("does not run out while something is missing", () => {
    const [state] = watched(FRONT, good, 3.7);
    const [, found] = watched(FRONT, { ...good, people: 0 }, 3, state);
    expect(found.some((p) => p.ready)).toBe(false);
  });

  it("runs for who walks about and need not be seen", () => {
    const walks: Wanted = { ...FRONT, parts: [] };
    const [, found] = watched(walks, { ...good, people: 0 }, 4.5);
    expect(found[found.length - 1]?.ready).toBe(true);
  });

  it("never begins with two people, or with nobody", () => {
    expect(missing(FRONT, { ...good, people: 2 })).toEqual({ kind: "people" });
    expect(missing(FRONT, { ...good, people: 0 })).toEqual({ kind: "nobody" });
  });
});

describe("the side that is to be turned to the camera", () => {
  it("changes with the working side, and the front does not", () => {
    expect([facing("left", "l"), facing("left", "r"), facing("left", null)]).toEqual(["left", "right", "left"]);
    expect([facing("right", "r"), facing("front", "r")]).toEqual(["left", "front"]);
  });
});

describe("light", () => {
  const luma = (person: number, around: number): Uint8Array => {
    // 4 x 3 cells of 160 pixels: the person stands in the middle two columns.
    return Uint8Array.from({ length: 12 }, (_, i) => (i % 4 === 1 || i % 4 === 2 ? person : around));
  };
  const points = Float32Array.from(
    [
      [161, 1, 0, 1, 0, 0, 0],
      [479, 479, 0, 1, 0, 0, 0],
      [630, 470, 0, 0.1, 0, 0, 0],
    ].flat(),
  );

  it("is told apart for the person and around", () => {
    expect(lightOf(luma(40, 200), 4, points, WIDTH, HEIGHT)).toEqual({ person: 40, around: 200 });
    expect(lightOf(luma(40, 200), 4, null, WIDTH, HEIGHT)).toEqual({ person: 120, around: 120 });
  });

  it("is the reason where nobody is seen in the dark or against a window", () => {
    const one = look(frames.front);
    const nobody = (person: number, around: number): Missing | null =>
      missing(FRONT, { ...one, people: 0, light: { person, around } });
    expect(nobody(20, 20)).toEqual({ kind: "dark" });
    expect(nobody(60, 210)).toEqual({ kind: "backlit" });
    expect(nobody(120, 120)).toEqual({ kind: "nobody" });
  });

  it("is a word and no bar where everything is seen all the same", () => {
    const placed = settled(FRONT, { ...look(frames.front), light: { person: 20, around: 20 } });
    expect(placed.missing).toBeNull();
    expect(placed.light).toBe("dark");
  });
});
