// Out of sight nobody is led: a page that is hidden, a machine that slept, a picture with nobody in it.
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { Absence } from "./absence";

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
  private clock = 0;

  constructor(
    host: ReactiveControllerHost,
    private readonly led: Led,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.clock = window.setInterval(() => this.look(false), LOOKS_EVERY_MS);
    document.addEventListener("visibilitychange", this.hidden);
  }

  hostDisconnected(): void {
    clearInterval(this.clock);
    document.removeEventListener("visibilitychange", this.hidden);
  }

  /** `there`: somebody is seen, or has pressed something. */
  look(there: boolean): void {
    const gone = this.absence.look(there || !this.led.looks);
    if (gone === "slept") this.led.rests();
    else if (gone === "nobody") this.led.leaves();
  }

  private readonly hidden = (): void => {
    this.absence.look(true); // what passed out of sight is known
    if (document.hidden) this.led.rests();
  };
}
