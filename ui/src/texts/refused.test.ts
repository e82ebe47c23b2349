import { afterEach, describe, expect, it, vi } from "vitest";

async function words(language: string) {
  vi.resetModules();
  vi.stubGlobal("localStorage", { getItem: () => language });
  vi.stubGlobal("document", { documentElement: { lang: "" } });
  return (await import("./index")).refusedWords;
}
afterEach(() => void vi.unstubAllGlobals());

describe("what the program refuses", () => {
  it("is said in the language of the page by its code, with its values", async () => {
    const told = { line: "result of x: found 250.5", code: "not_plausible", values: { value: 250.5, low: 0, high: 90, unit: "°" } };
    expect((await words("de"))(told)).toBe(
      "250,5° kann nicht sein: möglich ist 0° bis 90°. Sieh noch einmal nach und gib ein, was gemessen wurde.",
    );
    expect((await words("en"))(told)).toContain("250.5° cannot be");
  });

  it("is said as it came where no words are known for it, and that it is English", async () => {
    for (const code of [{}, { code: null }, { code: "from_a_newer_program" }]) {
      expect((await words("en"))({ line: "x: y", ...code })).toBe("x: y");
      expect((await words("de"))({ line: "x: y", ...code })).toMatch(/auf Englisch: x: y$/);
    }
  });
});
