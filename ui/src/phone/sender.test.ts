// @vitest-environment node
import { decode } from "@msgpack/msgpack";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pageSeconds, Sender } from "./sender";
import { KEPT_S, MOTION_COLUMNS, MOST_SAMPLES, type ToComputer, toBytes } from "./wire";

const HEARD = { type: "heard", received: 0, refused: 0, rate_hz: null, says: "going_on", place: null };
const told = { heard: () => {}, unheard: vi.fn(), over: () => {} };

/** A computer that is heard or not; `lostAnswers`: it hears, and what it answers never comes. */
class Computer {
  reachable = true;
  lostAnswers = false;
  notYet = 0;
  bundles: ToComputer[][] = [];
  taken = new Map<number, number[]>();

  async fetch(_path: string, request: RequestInit): Promise<Response> {
    if (!this.reachable) throw new TypeError("Failed to fetch");
    const bundle = decode(request.body as Uint8Array) as ToComputer[];
    this.bundles.push(bundle);
    const motion = bundle.find((part) => part.type === "motion");
    if (motion !== undefined && this.notYet-- > 0) return new Response(null, { status: 425 });
    let status = 200;
    if (motion?.type === "motion") {
      const newest = Math.max(-1, ...this.taken.keys());
      if (motion.seq <= newest) status = 400;
      else this.taken.set(motion.seq, times(motion.values));
    }
    if (this.lostAnswers) throw new TypeError("Failed to fetch");
    if (status !== 200) return new Response(null, { status });
    const clock = { sent_s: (bundle[0] as { sent_s: number }).sent_s, answered_s: pageSeconds() };
    return new Response(toBytes({ ...HEARD, clock }));
  }

  get times(): number[] {
    return [...this.taken.values()].flat();
  }
}

function times(values: Uint8Array): number[] {
  const rows = new Float64Array(values.slice().buffer);
  return [...rows].filter((_, i) => i % MOTION_COLUMNS === 0);
}

describe("what a phone brings after it was not heard", () => {
  let computer: Computer;
  let sender: Sender;
  let brought: number[];

  const feel = async (seconds: number): Promise<void> => {
    for (let n = 0; n < seconds * 50; n += 1) {
      const tS = pageSeconds();
      brought.push(tS);
      sender.bring({ tS, force: [0, 9.8, 0], turn: [0, 0, 0] });
      await vi.advanceTimersByTimeAsync(20);
    }
  };

  beforeEach(async () => {
    vi.useFakeTimers();
    vi.stubGlobal("window", globalThis);
    computer = new Computer();
    vi.stubGlobal("fetch", (path: string, request: RequestInit) => computer.fetch(path, request));
    sender = new Sender("token", told);
    brought = [];
    await feel(2);
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("is all that it felt, once, in order and with its own times", async () => {
    computer.reachable = false;
    await feel(5);
    computer.reachable = true;
    await feel(0.5);
    expect(brought.length - computer.times.length).toBeLessThan(15);
    expect(computer.times).toEqual(brought.slice(0, computer.times.length));
  });

  it("comes after the clocks were compared again", async () => {
    computer.reachable = false;
    await feel(5);
    computer.bundles = [];
    computer.reachable = true;
    await feel(0.5);
    const [first, second] = computer.bundles;
    expect(first?.map((part) => part.type)).toEqual(["clock"]);
    expect(second?.map((part) => part.type)).toEqual(["clock", "motion"]);
    expect((second?.[0] as { last: unknown }).last).not.toBeNull();
    // First the one that was on its way, then whole ones, without waiting for the next beat.
    const lengths = computer.bundles.slice(2, 5).map((bundle) => {
      const motion = bundle.find((part) => part.type === "motion");
      return motion?.type === "motion" ? times(motion.values).length : 0;
    });
    expect(lengths).toEqual([MOST_SAMPLES, MOST_SAMPLES, MOST_SAMPLES]);
  });

  it("is taken once where only the answer was lost", async () => {
    computer.lostAnswers = true;
    await feel(1);
    computer.lostAnswers = false;
    await feel(1);
    expect(computer.times).toEqual(brought.slice(0, computer.times.length));
    expect(brought.length - computer.times.length).toBeLessThan(15);
  });

  it("stays kept where it comes before the clocks were compared", async () => {
    computer.notYet = 1;
    await feel(1);
    expect(computer.notYet).toBeLessThan(1);
    expect(computer.times).toEqual(brought.slice(0, computer.times.length));
  });

  it("is not sent any more once the person has ended it", async () => {
    computer.reachable = false;
    await feel(5);
    computer.reachable = true;
    const before = computer.times.length;
    await Promise.all([sender.end(), feel(1)]);
    expect(computer.times.length - before).toBe(0);
  });

  it("is of the last half minute and no more", async () => {
    computer.reachable = false;
    await feel(KEPT_S + 10);
    const gone = pageSeconds();
    computer.reachable = true;
    await feel(1);
    const kept = computer.times.filter((t) => t > brought[100]! + 1);
    // One bundle was on its way when it was lost; the computer turns away what is too old.
    expect(gone - kept[0]!).toBeLessThanOrEqual(KEPT_S);
    expect(gone - kept[0]!).toBeGreaterThan(KEPT_S - 1);
    expect(computer.times.at(-1)! - gone).toBeGreaterThan(0.7);
  });
});
