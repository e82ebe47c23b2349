import { describe, expect, it } from "vitest";
import { Absence, type Gone } from "./absence";

/** What is told of looks each second for so long, then of one after a gap. */
function told(seconds: number, there: (s: number) => boolean, gapS = 1): (Gone | null)[] {
  let now = 1_000_000;
  const absence = new Absence(() => now);
  const found: (Gone | null)[] = [];
  for (let s = 1; s <= seconds; s += 1) {
    now += 1000;
    found.push(absence.look(there(s)));
  }
  now += 1000 * gapS;
  found.push(absence.look(false));
  return found;
}

describe("absence", () => {
  it("is told of a machine that slept, and once", () => {
    expect(told(20, () => true, 3600).filter((g) => g !== null)).toEqual(["slept"]);
    expect(told(20, () => true, 10)).not.toContain("slept");
  });

  it("is told where nobody was seen for three minutes, and once in each three", () => {
    expect(told(180, () => false).slice(0, 180)).not.toContain("nobody");
    expect(told(400, () => false).filter((g) => g === "nobody")).toHaveLength(2);
  });

  it("is not told where somebody is seen now and then", () => {
    expect(told(900, (s) => s % 170 === 0)).toEqual(Array(901).fill(null));
  });

  it("is nothing that a clock set back can tell", () => {
    let now = 10_000_000;
    const absence = new Absence(() => now);
    now -= 3_600_000;
    expect(absence.look(false)).toBe(null);
    now += 1000;
    expect(absence.look(false)).toBe(null);
  });
});
