// Whether somebody is still there, beyond what a browser tells: a machine that slept, a screen that was
// locked without a word to the page, a person who went away. Pure but for the clock it is given.
const SLEPT_MS = 15_000; // looks come each second; a machine that is only busy does not miss so many
const NOBODY_MS = 180_000; // expert default: longer than any exercise has one out of the picture

export type Gone = "slept" | "nobody";

export class Absence {
  private lookedMs: number;
  private thereMs: number;

  /** `wallMs`: the clock on the wall, which goes on while the machine sleeps. */
  constructor(private readonly wallMs = (): number => Date.now()) {
    this.lookedMs = this.thereMs = wallMs();
  }

  /** One look on; `there`: somebody is seen, or has pressed something. Told once each. */
  look(there: boolean): Gone | null {
    const now = this.wallMs();
    const away = now - this.lookedMs;
    this.lookedMs = now;
    // A clock that was set back tells nothing.
    if (there || away < 0) this.thereMs = now;
    if (away > SLEPT_MS) {
      this.thereMs = now;
      return "slept";
    }
    if (now - this.thereMs <= NOBODY_MS) return null;
    this.thereMs = now;
    return "nobody";
  }
}
