import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Digits, listen } from "./keys";

describe("digits", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const told = (...digits: [number, number][]): number[] => {
    const found: number[] = [];
    const hears = new Digits((n) => found.push(n));
    for (const [digit, afterMs] of digits) {
      vi.advanceTimersByTime(afterMs);
      hears.press(digit);
    }
    vi.advanceTimersByTime(2000);
    return found;
  };

  it("are told at once, but for a one that may become a ten", () => {
    expect(told([7, 0])).toEqual([7]);
    expect(told([0, 0])).toEqual([0]);
    expect(told([1, 0])).toEqual([1]);
    expect(told([1, 0], [0, 300])).toEqual([10]);
  });

  it("that come late or are others are numbers of their own", () => {
    expect(told([1, 0], [0, 1500])).toEqual([1, 0]);
    expect(told([1, 0], [4, 300])).toEqual([4]);
  });
});

describe("keys", () => {
  const heard: string[] = [];
  let press: (key: string, more?: object) => { stopped: boolean };
  let stop: () => void;

  beforeEach(() => {
    heard.length = 0;
    const listeners: Record<string, (event: unknown) => void> = {};
    vi.stubGlobal("window", {
      addEventListener: (kind: string, f: (event: unknown) => void, capture: boolean) => {
        expect(capture).toBe(true); // before any button sees it
        listeners[kind] = f;
      },
      removeEventListener: (kind: string) => delete listeners[kind],
    });
    press = (key, more = {}) => {
      const event = {
        key,
        stopped: false,
        preventDefault: () => {},
        stopPropagation: () => (event.stopped = true),
        ...more,
      };
      listeners["keydown"]?.(event);
      return event;
    };
    stop = listen({
      word: (w) => heard.push(w),
      command: (c) => heard.push(c),
      digit: (n) => n !== 9 && heard.push(String(n)) > 0,
    });
  });
  afterEach(() => void vi.unstubAllGlobals());

  it("stop with space, also held down and with any other key", () => {
    press(" ");
    press(" ", { repeat: true });
    press(" ", { ctrlKey: true });
    expect(heard).toEqual(["stop", "stop", "stop"]);
  });

  it("say one word each, once, and leave those of the browser alone", () => {
    press("P");
    press("p", { repeat: true });
    press("r", { ctrlKey: true });
    expect(heard).toEqual(["pause"]);
    expect(press("Tab").stopped).toBe(false);
    expect(press("Enter").stopped).toBe(false);
  });

  it("are numbers only while something is asked", () => {
    expect(press("4").stopped).toBe(true);
    expect(press("9").stopped).toBe(false);
  });

  it("are heard no more when it is over", () => {
    stop();
    press(" ");
    expect(heard).toEqual([]);
  });
});
