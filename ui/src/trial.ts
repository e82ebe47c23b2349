// Which pose model looks, and by what: begun with the full one on the processor, changed by how long it
// takes. Pure: milliseconds of one image after the other in, what to load next out.
export type Model = "lite" | "full";
export type Delegate = "CPU" | "GPU";
export interface Looks {
  model: Model;
  by: Delegate;
}

export const TRIAL_IMAGES = 12;
export const SLOW_MS = 45; // more than this, and 20 images a second cannot be kept up beside drawing
/** A graphics card compiles at its first images; what takes longer than this for one is none. */
export const GIVE_UP_MS = 5000;
const WARMS = 2;
/** A little faster is nothing that a full machine does not take back. */
const FASTER = 0.8;

/** What was found of the graphics card lasts as long as the page: null, not tried. */
let faster: boolean | null = null;

export class Trial {
  readonly now: Looks;
  private readonly took: number[] = [];
  private images = 0;

  /** `card`: whether there is one; `before`: what the full model took on the processor. */
  constructor(
    private readonly card: boolean,
    now: Looks | null = null,
    private readonly before = Infinity,
  ) {
    this.now = now ?? { model: "full", by: faster === true ? "GPU" : "CPU" };
  }

  /** Whether it stays so: a session is told what looks, and so how sure its points are. */
  get settled(): boolean {
    return this.now.model === "lite" || this.took.length >= TRIAL_IMAGES;
  }

  /** One image more. The trial to go on with, where something else is to be loaded; else null. */
  take(tookMs: number): Trial | null {
    this.images += 1;
    const warms = this.now.by === "GPU" && this.images <= WARMS;
    if (warms || this.took.length >= TRIAL_IMAGES) return null;
    this.took.push(tookMs);
    if (this.took.length < TRIAL_IMAGES) return null;
    return this.judged([...this.took].sort((a, b) => a - b)[TRIAL_IMAGES / 2] ?? 0);
  }

  /** It could not be loaded, or does not answer. Null where there is nothing else. */
  failed(): Trial | null {
    if (this.now.by === "CPU") return null;
    faster = false;
    return new Trial(this.card, { model: "lite", by: "CPU" });
  }

  private judged(middle: number): Trial | null {
    if (this.now.by === "GPU") {
      faster = middle < FASTER * this.before && middle <= SLOW_MS;
      return faster ? null : this.failed();
    }
    if (this.now.model === "lite" || middle <= SLOW_MS) return null;
    const by = this.card && faster === null ? "GPU" : "CPU";
    return new Trial(this.card, { model: by === "GPU" ? "full" : "lite", by }, middle);
  }
}

/** For tests: as on a page that has just been opened. */
export function forgetTrials(): void {
  faster = null;
}
