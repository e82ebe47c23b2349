import { describe, expect, it } from "vitest";
import frames from "./placing.frames.json";
import { followed, nothingSeen, type Trembling, trembles } from "./trembling";
import { LANDMARK_COLUMNS } from "./wire";

const TRUNK_PX = 150; // of half a metre

/** The same numbers each time, of sd 1. */
function normal(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (1664525 * state + 1013904223) % 4294967296;
    return (state + 0.5) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** A person who sways and whose landmarks are off by `sdM` in each image. */
function watched(sdM: number, { hz = 25, seconds = 6, sight = 1, moves = 0.02 } = {}): Trembling {
  const drawn = normal(7);
  let now = nothingSeen();
  for (let i = 0; i < seconds * hz; i += 1) {
    const values = new Float32Array(33 * LANDMARK_COLUMNS);
    const sway = moves * TRUNK_PX * Math.sin((2 * Math.PI * 0.5 * i) / hz);
    frames.front.forEach((row, j) => {
      const off = (): number => (drawn() * sdM * TRUNK_PX) / 0.5;
      values.set([(row[0] ?? 0) + sway + off(), (row[1] ?? 0) + off(), row[2] ?? 0, sight], j * LANDMARK_COLUMNS);
    });
    now = followed(now, i / hz, values, TRUNK_PX);
  }
  return now;
}

describe("landmarks that tremble", () => {
  it("are measured in lengths of the trunk, whoever sways", () => {
    for (const sdM of [0.005, 0.01, 0.02])
      expect(Math.abs((watched(sdM).ratio ?? 0) / (sdM / 0.5) - 1)).toBeLessThan(0.15);
  });

  it("are worth a word from half more than usual on", () => {
    expect([0.005, 0.01, 0.02].map((sdM) => trembles(watched(sdM)))).toEqual([false, false, true]);
  });

  it("tell nothing where images are rare or hardly anything is seen", () => {
    expect(watched(0.02, { hz: 5 }).ratio).toBeNull();
    expect(watched(0.02, { sight: 0.1 }).ratio).toBeNull();
  });
});
