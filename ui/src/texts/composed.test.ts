import { describe, expect, it } from "vitest";
import german from "./beside.de.json";
import samples from "./composed.samples.json";
import { inGerman } from "./decisions";

const ENGLISH = /\b(the|and|your|you|not|with|before|sensor on|left|right|than|of)\b/;

describe("a sentence that is put together", () => {
  // Every sample is said by the program: tests/report/test_german_composed.py asks for it.
  it.each(samples)("is German: %s", (sample) => {
    const words = inGerman(sample);
    expect(words).not.toBeNull();
    expect(words?.replace(/(?<=„)[^“]+(?=“)/g, "")).not.toMatch(ENGLISH);
    expect(words).not.toMatch(/\d\.\d|\{|undefined/);
  });

  it("has the same holes in German", () => {
    const holes = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map((m) => m[0]).sort();
    for (const [english, words] of Object.entries(german.sensors)) expect(holes(words), english).toEqual(holes(english));
  });

  it("is said whole or not at all", () => {
    expect(inGerman("Left, 30°")).toBe("Links, 30°");
    expect(inGerman("You could begin with: “My own step”. What to try is always yours to choose.")).toBe(
      "Du könntest beginnen mit: „My own step“. Was du versuchst, wählst immer du.",
    );
    expect(inGerman("Lifting what matters to me: not now. Left out when a leg or foot has become weak: see a doctor first.")).toBeNull();
    expect(inGerman("10:15, 2 min: something unheard of")).toBeNull();
    expect(inGerman("It moves like a sensor on the t12, not on the thigh, left. Move it to where it was declared, or declare where it is.")).toBe(
      "Er bewegt sich wie ein Sensor hier: unterste Rippen, nicht hier: linker Oberschenkel. Setz ihn dorthin, wo er sein soll, oder gib an, wo er ist.",
    );
  });
});
