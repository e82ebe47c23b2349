// Out of sight nobody is led: a page that is hidden, a screen that is locked, a machine that slept, a picture
// with nobody in it.
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { outOfSight, whenSightChanges } from "../sight";
import { Absence } from "./absence";
import { Locking } from "./locking";

const LOOKS_EVERY_MS = 1000;

export interface Led {
  /** Whether a camera looks, and has to see somebody. */
  readonly looks: boolean;
  /** It pauses, and whoever comes back is asked how they are. */
  rests(): void;
  /** Nobody was before it for long: it looks no more. */
  leaves(): void;
}

export class Away implements ReactiveController {
  private readonly absence = new Absence();
  readonly lock: Locking;
  private clock = 0;
  private deaf: () => void = () => {};

  constructor(
    host: ReactiveControllerHost,
    private readonly led: Led,
  ) {
    host.addController(this);
    this.lock = new Locking(host);
  }

  hostConnected(): void {
    this.clock = window.setInterval(() => this.look(false), LOOKS_EVERY_MS);
    this.deaf = whenSightChanges(() => this.changed());
  }

  hostDisconnected(): void {
    clearInterval(this.clock);
    this.deaf();
  }

  /** `there`: somebody is seen, or has pressed something. */
  look(there: boolean): void {
    const gone = this.absence.look(there || !this.led.looks);
    if (gone === "slept") this.led.rests();
    else if (gone === "nobody") this.led.leaves();
  }

  private changed(): void {
    this.absence.look(true); // what passed out of sight is known
    if (outOfSight()) this.led.rests();
  }
}
