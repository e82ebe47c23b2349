// Whether the screen is locked, where a browser may tell a page: Chromium on Linux hides no page then. Leave is
// asked for by a press, never by itself; what holds without it is said in its place.
import { html, nothing, type ReactiveController, type ReactiveControllerHost } from "lit";
import { keep, kept } from "../kept";
import { tellLocked } from "../sight";
import { t } from "../texts";

const WANTED = "camera_off_when_locked";
const NAME = "idle-detection" as PermissionName;
const IDLE_MS = 60_000; // the least that may be asked for; only the lock is listened to

interface Detector extends EventTarget {
  readonly screenState: "locked" | "unlocked" | null;
  start(how: { threshold: number; signal: AbortSignal }): Promise<void>;
}
interface Detects {
  new (): Detector;
  requestPermission(): Promise<PermissionState>;
}

export type Leave = "missing" | "off" | "asking" | "on" | "refused";

export class Locking implements ReactiveController {
  stands: Leave = "missing";
  private leave: PermissionStatus | null = null;
  private ends = new AbortController();
  private here = false;

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostConnected(): void {
    this.here = true;
    void this.begin();
  }

  hostDisconnected(): void {
    this.here = false;
    this.ends.abort();
    if (this.leave !== null) this.leave.onchange = null;
  }

  /** After a press: only then may a browser ask. */
  async ask(): Promise<void> {
    keep(WANTED, "1");
    this.say("asking");
    const given = await detects()?.requestPermission().catch(() => "denied" as const);
    if (given === "granted") await this.watch();
    else this.end("refused");
  }

  off(): void {
    keep(WANTED, null);
    this.end("off");
  }

  /** Without a press: what was wanted before, and is allowed still. */
  private async begin(): Promise<void> {
    const leave = await navigator.permissions?.query({ name: NAME }).catch(() => null);
    if (detects() === undefined || leave == null) return this.say("missing");
    this.leave = leave;
    if (this.here) leave.onchange = () => this.take(leave.state);
    this.take(leave.state);
  }

  private take(state: PermissionState): void {
    if (state === "granted" && kept(WANTED) === "1") void this.watch();
    else this.end(state === "denied" ? "refused" : "off");
  }

  private async watch(): Promise<void> {
    this.ends.abort();
    const detector = new (detects() as Detects)();
    const ends = (this.ends = new AbortController());
    const told = (): void => tellLocked(detector.screenState === "locked");
    detector.addEventListener("change", told, { signal: ends.signal });
    try {
      if (!this.here) return;
      await detector.start({ threshold: IDLE_MS, signal: ends.signal });
    } catch {
      if (!ends.signal.aborted) this.end("refused");
      return;
    }
    if (ends.signal.aborted) return;
    told();
    this.say("on");
  }

  private end(stands: Leave): void {
    this.ends.abort();
    this.say(stands);
  }

  private say(stands: Leave): void {
    this.stands = stands;
    this.host.requestUpdate();
  }
}

function detects(): Detects | undefined {
  return (globalThis as { IdleDetector?: Detects }).IdleDetector;
}

/** Where the camera is switched on: leave, or what holds without it. `seen`: somebody has to be seen here. */
export function lockLine(lock: Locking, seen: boolean) {
  const { stands } = lock;
  const instead = t(seen ? "lock.instead" : "lock.instead.unseen");
  return html`<div class="locking" data-lock=${stands} role="status">
    ${
      stands === "off"
        ? html`<button class="quiet" @click=${() => lock.ask()}>${t("lock.ask")}</button>`
        : nothing
    }
    <small>${t(`lock.${stands}`)} ${stands === "refused" || stands === "missing" ? instead : nothing}</small>
    ${
      stands === "on"
        ? html`<button class="quiet" @click=${() => lock.off()}>${t("lock.no")}</button>`
        : nothing
    }
  </div>`;
}
