// Keeps the screen on while something is on the page, also once it comes back into sight.
import type { ReactiveController, ReactiveControllerHost } from "lit";

export class Awake implements ReactiveController {
  private sentinel: WakeLockSentinel | null = null;
  private here = false;

  constructor(host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostConnected(): void {
    this.here = true;
    this.lock();
    document.addEventListener("visibilitychange", this.lock);
  }

  hostDisconnected(): void {
    this.here = false;
    document.removeEventListener("visibilitychange", this.lock);
    void this.sentinel?.release();
  }

  private readonly lock = (): void => {
    if (document.hidden || !("wakeLock" in navigator)) return;
    navigator.wakeLock.request("screen").then(
      (sentinel) => {
        if (this.here) this.sentinel = sentinel;
        else void sentinel.release();
      },
      () => {}, // a screen that goes dark is a nuisance, and no reason not to begin
    );
  };
}
