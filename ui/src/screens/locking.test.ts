import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

/** A browser that asks, and tells what the screen does. */
class Screen extends EventTarget {
  static answer: PermissionState | Error = "granted";
  static readonly started: Screen[] = [];
  static asked = 0;
  static async requestPermission(): Promise<PermissionState> {
    Screen.asked += 1;
    if (Screen.answer instanceof Error) throw Screen.answer;
    return (leave.state = Screen.answer);
  }
  screenState: "locked" | "unlocked" = "unlocked";
  signal: AbortSignal | null = null;
  async start({ signal }: { signal: AbortSignal }): Promise<void> {
    if (leave.state !== "granted") throw new DOMException("", "NotAllowedError");
    this.signal = signal;
    Screen.started.push(this);
  }
  turns(to: "locked" | "unlocked"): void {
    this.screenState = to;
    this.dispatchEvent(new Event("change"));
  }
}
const leave = { state: "prompt" as PermissionState, onchange: null as (() => void) | null };
const there = new Map<string, string>();
const page = Object.assign(new EventTarget(), { hidden: false, documentElement: { dataset: {} }, createTreeWalker: () => ({}) });

async function opened() {
  const { Locking } = await import("./locking");
  const sight = await import("../sight");
  const lock = new Locking({ addController: () => {}, requestUpdate: () => {} } as never);
  lock.hostConnected();
  await settled();
  return { lock, sight };
}
const settled = (): Promise<void> => new Promise((done) => setTimeout(done));
const last = (): Screen => Screen.started[Screen.started.length - 1] as Screen;

beforeEach(() => {
  vi.resetModules();
  there.clear();
  Screen.started.length = Screen.asked = 0;
  Screen.answer = "granted";
  Object.assign(leave, { state: "prompt", onchange: null });
  vi.stubGlobal("document", page);
  vi.stubGlobal("window", new EventTarget());
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => there.get(name) ?? null,
    setItem: (name: string, value: string) => void there.set(name, value),
    removeItem: (name: string) => void there.delete(name),
  });
  vi.stubGlobal("navigator", { permissions: { query: async () => leave } });
  vi.stubGlobal("IdleDetector", Screen);
});
afterEach(() => void vi.unstubAllGlobals());

describe("the lock of the screen", () => {
  it("is asked for by a press alone, and then told", async () => {
    const { lock, sight } = await opened();
    expect([lock.stands, Screen.asked, sight.outOfSight()]).toEqual(["off", 0, false]);
    await lock.ask();
    expect([lock.stands, Screen.asked]).toEqual(["on", 1]);
    const told: boolean[] = [];
    sight.whenSightChanges(() => told.push(sight.outOfSight()));
    last().turns("locked");
    last().turns("locked");
    last().turns("unlocked");
    expect(told).toEqual([true, false]);
  });

  it("is remembered, and listened to again without a question", async () => {
    await (await opened()).lock.ask();
    const { lock } = await opened();
    expect([lock.stands, Screen.asked, Screen.started.length]).toEqual(["on", 1, 2]);
    lock.off();
    expect([lock.stands, last().signal?.aborted]).toEqual(["off", true]);
    expect((await opened()).lock.stands).toBe("off");
  });

  it.each(["denied", new DOMException("", "NotAllowedError")] as const)("that is refused is not asked for again", async (answer) => {
    Screen.answer = answer;
    const { lock } = await opened();
    await lock.ask();
    expect([lock.stands, Screen.started.length]).toEqual(["refused", 0]);
    leave.state = "denied";
    expect((await opened()).lock.stands).toBe("refused");
    expect(Screen.asked).toBe(1);
  });

  it("is not to be had where a browser knows nothing of it", async () => {
    vi.stubGlobal("IdleDetector", undefined);
    expect((await opened()).lock.stands).toBe("missing");
    vi.stubGlobal("IdleDetector", Screen);
    vi.stubGlobal("navigator", { permissions: { query: () => Promise.reject(new TypeError()) } });
    expect((await opened()).lock.stands).toBe("missing");
    vi.stubGlobal("navigator", {});
    expect((await opened()).lock.stands).toBe("missing");
  });

  it("whose leave is taken back says so, and lights no camera before a locked screen", async () => {
    const { lock, sight } = await opened();
    await lock.ask();
    last().turns("locked");
    leave.state = "denied";
    leave.onchange?.();
    expect([lock.stands, last().signal?.aborted, sight.outOfSight()]).toEqual(["refused", true, true]);
    last().turns("unlocked"); // nothing of it is listened to any more
    expect(sight.outOfSight()).toBe(true);
    window.dispatchEvent(new Event("keydown"));
    expect(sight.outOfSight()).toBe(false);
  });

  it("is not listened to once the page is left, also while it begins", async () => {
    there.set("camera_off_when_locked", "1");
    leave.state = "granted";
    const { lock } = await opened();
    lock.hostDisconnected();
    expect([last().signal?.aborted, leave.onchange]).toEqual([true, null]);
    const { Locking } = await import("./locking");
    const gone = new Locking({ addController: () => {}, requestUpdate: () => {} } as never);
    gone.hostConnected();
    gone.hostDisconnected();
    await settled();
    expect([Screen.started.length, leave.onchange]).toEqual([1, null]);
  });
});
