import { describe, expect, it } from "vitest";
import german from "./decisions.de.json";
import { inGerman } from "./decisions";

const holes = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map((m) => m[0]).sort();

describe("a sentence of the program", () => {
  it("has the same holes in German", () => {
    for (const [english, words] of Object.entries(german)) expect(holes(words), english).toEqual(holes(english));
  });

  it("is said whole or not at all", () => {
    expect(inGerman("Not short.")).toBe("Nicht kurz.");
    expect(inGerman("The plan begins at level 2. Usual pain is 3 or less, so it begins with short holds.")).toBe(
      "Der Plan beginnt auf Stufe 2. Der übliche Schmerz ist 3 oder weniger, also beginnt es mit kurzem Halten.",
    );
    expect(inGerman("Not short. Something else.")).toBeNull();
  });

  it("names its muscles in German, or stays as it is", () => {
    expect(inGerman("It lengthens the back of the left thigh (feels tight, not measured) and right buttock, deep.")).toBe(
      "Es dehnt: Rückseite des linken Oberschenkels (fühlt sich eng an, nicht gemessen); Gesäß, tief, rechts.",
    );
    expect(inGerman("It lengthens the left calf. It takes the muscle 80 % as far as the best of 4.")).toBe(
      "Es dehnt: Wade, links. Es dehnt den Muskel 80 % so weit wie das Beste von 4.",
    );
    expect(inGerman("It lengthens the left calf (leg raise 55 degrees).")).toBeNull();
    expect(inGerman("The front of the left hip gets 2.5 minutes this week: there is no stretch for it.")).toBe(
      "Vorderseite der linken Hüfte bekommt in dieser Woche 2,5 Minuten: dafür gibt es keine Dehnung.",
    );
  });

  it("says of a claim whose word it is", () => {
    const claim = "Flexibility saturates at about 4 minutes a bout and 10 minutes a week for each muscle; intensity is no moderator.";
    expect(inGerman(`${claim} (not verified, certainty: low)`)).toMatch(/ \(nicht geprüft, unsicher\)$/);
    expect(inGerman(`${claim} (certainty: low)`)).toMatch(/ \(unsicher\)$/);
    expect(inGerman(`${claim} (expert default)`)).toMatch(/ \(Erfahrungswert\)$/);
    expect(inGerman(`${claim} (said so)`)).toBeNull();
  });

  it("keeps its numbers in their places", () => {
    expect(inGerman("About 48 degrees, probably between 40 and 56.")).toBe("Etwa 48 Grad, wohl zwischen 40 und 56.");
    expect(inGerman("A week of 45 minutes in all at level 2, of which 20 lengthen, each muscle counted by itself.")).toContain(
      "45 Minuten im Ganzen auf Stufe 2, davon dehnen 20",
    );
  });
});
