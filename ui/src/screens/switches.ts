// What a person sets for their sessions, on this machine: large words, which picture is large, the
// outline, the tone, and the sound, which is on anew each time.
import type { ReactiveControllerHost } from "lit";
import type { Command } from "../keys";
import * as browser from "../kept";

const FLOOR = "floor_mode";
const MIRROR_LARGE = "mirror_large";
const NO_GHOST = "no_ghost";
const TONE = "position_tone";

export class Switches {
  floor = kept(FLOOR);
  mirrorLarge = kept(MIRROR_LARGE);
  ghosts = !kept(NO_GHOST);
  tone = kept(TONE);
  muted = false;

  constructor(private readonly host: ReactiveControllerHost) {}

  turn(command: Command): void {
    switch (command) {
      case "floor":
        keep(FLOOR, (this.floor = !this.floor));
        break;
      case "swap":
        keep(MIRROR_LARGE, (this.mirrorLarge = !this.mirrorLarge));
        break;
      case "ghost":
        this.ghosts = !this.ghosts;
        keep(NO_GHOST, !this.ghosts);
        break;
      case "tone":
        keep(TONE, (this.tone = !this.tone));
        break;
      case "sound":
        this.muted = !this.muted;
    }
    this.host.requestUpdate();
  }
}

function kept(what: string): boolean {
  return browser.kept(what) === "1";
}

function keep(what: string, on: boolean): void {
  browser.keep(what, on ? "1" : "0");
}
