import { beforeEach, describe, expect, it, vi } from "vitest";

const answers = new Map<string, number>();
const told: [string, boolean][] = [];
const left: string[] = [];

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
  const unfinished = (): Promise<{ session_id: string }[]> =>
    Promise.resolve(left.map((session_id) => ({ session_id })));
  return { RefusedError, leaveThere, unfinished };
});

const { forget, keep, openedAs, remember, rememberOpening } = await import("./unkept");

describe("a stop that nothing could hear", () => {
  beforeEach(() => {
    const kept = new Map<string, string>();
    vi.stubGlobal("localStorage", {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    });
    answers.clear();
    told.length = left.length = 0;
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

  describe("in the moment of opening", () => {
    const now = "20260131T081500Z-aaaaaa";
    const earlier = "20260131T070000Z-bbbbbb";
    beforeEach(() => {
      vi.useFakeTimers({ now: Date.UTC(2026, 0, 31, 8, 15, 20) });
      return () => vi.useRealTimers();
    });

    it("is of the session that was opened", async () => {
      rememberOpening();
      openedAs(now);
      await keep();
      expect(told).toEqual([[now, false]]);
    });

    it("is of what was begun about then, where the page was closed before it knew", async () => {
      rememberOpening();
      left.push(now, earlier);
      await keep();
      await keep();
      expect(told).toEqual([[now, false]]);
    });

    it("is of nothing where nothing was opened, and no stop where none was said", async () => {
      rememberOpening();
      openedAs(null);
      openedAs(now);
      left.push(now);
      await keep();
      expect(told).toEqual([]);
    });
  });
});
