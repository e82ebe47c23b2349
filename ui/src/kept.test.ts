import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keep, kept, keptIds } from "./kept";

describe("what a browser keeps", () => {
  const there = new Map<string, string>();
  beforeEach(() => {
    there.clear();
    const storage = {
      getItem: (name: string) => there.get(name) ?? null,
      setItem: (name: string, value: string) => void there.set(name, value),
      removeItem: (name: string) => void there.delete(name),
    };
    vi.stubGlobal("localStorage", storage);
  });
  afterEach(() => void vi.unstubAllGlobals());

  it("is kept, and forgotten", () => {
    keep("look", "dark");
    expect([kept("look"), there.get("look")]).toEqual(["dark", "dark"]);
    keep("look", null);
    expect(kept("look")).toBe(null);
  });

  it("is as if nothing were kept where it is damaged", () => {
    for (const damaged of ["{", "7", "null", '{"a":1}']) {
      there.set("queue", damaged);
      expect(keptIds("queue")).toEqual([]);
    }
    there.set("queue", '["a",7,"b"]');
    expect(keptIds("queue")).toEqual(["a", "b"]);
  });

  it("lasts as long as the page where the browser keeps nothing, or is full", () => {
    const refuses = () => {
      throw new DOMException("", "QuotaExceededError");
    };
    vi.stubGlobal("localStorage", { getItem: () => null, setItem: refuses, removeItem: () => {} });
    keep("row", "[1]");
    expect(kept("row")).toBe("[1]");
    Object.defineProperty(globalThis, "localStorage", { configurable: true, get: refuses });
    keep("row", "[2]");
    expect(kept("row")).toBe("[2]");
    keep("row", null);
    expect(kept("row")).toBe(null);
  });
});
