import { describe, expect, it } from "vitest";
import { de } from "./de";
import { en, type Key } from "./en";

/** A word within a sentence or at its head is the same word. */
const holes = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map((m) => m[0].toLowerCase()).sort();

describe("a translation", () => {
  it("has every text, with the same holes", () => {
    for (const key of Object.keys(en) as Key[]) {
      expect(holes(de[key]), key).toEqual(holes(en[key]));
      if (en[key] !== "") expect(de[key], key).not.toBe("");
    }
  });

  it("that nobody has reviewed says so, and leaves what safety hangs on in English", () => {
    expect(de["foot.unreviewed"]).not.toBe("");
    for (const key of ["session.alone", "session.lost", "session.how", "after.symptom", "pain.high", "after.less.tomorrow", "plan.held", "plan.easy", "plan.flare.sure", "week.symptom", "stop.waits", "stop.later", "questions.raised.note"] as const)
      expect(de[key]).toBe(en[key]);
  });
});

describe("what is missing before the camera", () => {
  it("is said in five words at most", () => {
    for (const key of Object.keys(en) as Key[])
      if (key.startsWith("miss."))
        expect(en[key].split(/\s+/).length, en[key]).toBeLessThanOrEqual(5);
  });
});
