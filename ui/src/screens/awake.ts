// Keeps the screen on while something is on the page, also once it comes back into sight.
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { outOfSight, whenSightChanges } from "../sight";

export class Awake implements ReactiveController {
  private sentinel: WakeLockSentinel | null = null;
  private here = false;
  private deaf: () => void = () => {};

  constructor(host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostConnected(): void {
    this.here = true;
    this.lock();
    this.deaf = whenSightChanges(this.lock);
  }

  hostDisconnected(): void {
    this.here = false;
    this.deaf();
    void this.sentinel?.release();
  }

  private readonly lock = (): void => {
    if (outOfSight() || !("wakeLock" in navigator)) return;
    navigator.wakeLock.request("screen").then(
      (sentinel) => {
        if (this.here) this.sentinel = sentinel;
        else void sentinel.release();
      },
      () => {}, // a screen that goes dark is a nuisance, and no reason not to begin
    );
  };
}
