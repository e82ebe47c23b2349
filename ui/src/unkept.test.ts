import { beforeEach, describe, expect, it, vi } from "vitest";

const answers = new Map<string, number>();
const told: [string, boolean][] = [];

vi.mock("./api", () => {
  class RefusedError extends Error {
    constructor(readonly status: number) {
      super();
    }
  }
  const leaveThere = (id: string, unwell: boolean): Promise<void> => {
    told.push([id, unwell]);
    const status = answers.get(id);
    return status === undefined ? Promise.resolve() : Promise.reject(new RefusedError(status));
  };
  return { RefusedError, leaveThere };
});

const { forget, keep, remember } = await import("./unkept");

describe("a stop that nothing could hear", () => {
  beforeEach(() => {
    const kept = new Map<string, string>();
    vi.stubGlobal("localStorage", {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    });
    answers.clear();
    told.length = 0;
  });

  it("is said until it is kept, and then no more", async () => {
    remember("a", false);
    answers.set("a", 503);
    await expect(keep()).rejects.toThrow();
    answers.clear();
    await keep();
    await keep();
    expect(told).toEqual([["a", false], ["a", false]]);
  });

  it("of another person waits for that person, and holds up nobody else's", async () => {
    remember("theirs", true);
    remember("mine", false);
    answers.set("theirs", 404);
    await keep();
    answers.clear();
    told.length = 0;
    await keep();
    expect(told).toEqual([["theirs", true]]);
  });

  it("once unwell stays unwell, and does not make another so", async () => {
    remember("a", true);
    remember("b", false);
    remember("a", false);
    await keep();
    expect(told).toEqual([["a", true], ["b", false]]);
  });

  it("that its session kept is forgotten", async () => {
    remember("a", true);
    forget("a");
    await keep();
    expect(told).toEqual([]);
  });
});
