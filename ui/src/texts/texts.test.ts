import { describe, expect, it } from "vitest";
import { de } from "./de";
import { waiting } from "./de.waiting";
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
    for (const key of ["session.alone", "session.lost", "session.how", "after.symptom", "pain.high", "after.less.tomorrow", "plan.held", "plan.easy", "plan.flare.sure", "week.symptom", "stop.waits", "stop.later", "questions.raised.note", "questions.anew.stopped_since", "questions.anew.flare_since"] as const)
      expect(de[key]).toBe(en[key]);
  });
});

describe("why a clock waits", () => {
  it("is said in German only where nobody's safety hangs on it, and in five words at most", () => {
    for (const [id, text] of Object.entries(waiting)) {
      expect(id).not.toMatch(/^(envelope|pain|sensation|nerve|lumbar|guarding|speed)\./);
      expect(id).not.toBe("hold.above_window");
      expect(text.split(/\s+/).length, text).toBeLessThanOrEqual(5);
    }
  });
});

describe("what is missing before the camera", () => {
  it("is said in five words at most", () => {
    for (const key of Object.keys(en) as Key[])
      if (key.startsWith("miss."))
        expect(en[key].split(/\s+/).length, en[key]).toBeLessThanOrEqual(5);
  });
});
