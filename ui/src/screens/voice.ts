// What a session lets hear, and the caption of it: phrases, soft sounds, and the position as a tone.
import type { ReactiveControllerHost } from "lit";
import { Sound } from "../sound";
import { Heeding } from "../tone";
import type { Guidance, WindowEdges } from "../wire";

export class Voice {
  /** What was said last, whether or not anybody can hear it, and its language. */
  caption = "";
  language = "en";
  past = false;
  private readonly sound = new Sound();
  private readonly heeding = new Heeding();

  constructor(private readonly host: Pick<ReactiveControllerHost, "requestUpdate">) {}

  wake(): void {
    this.sound.wake();
  }

  close(): void {
    this.sound.close();
  }

  earcon(name: string): void {
    this.sound.earcon(name);
  }

  /** Shown, and read by a screen reader: the cue itself is silent. `spoken` null: said by none. */
  tell(text: string, spoken: string | null, of: string): void {
    this.caption = text;
    this.language = of;
    this.past = false;
    if (spoken !== null) this.sound.say(spoken, of);
    this.host.requestUpdate();
  }

  /** What was said last does not hold any more: it is not shown, and who reads it aloud may end. */
  passed(): void {
    this.past = true;
    this.host.requestUpdate();
  }

  mute(muted: boolean): void {
    this.sound.muted = muted;
    if (muted) this.sound.quiet();
  }

  /** The coach has asked to ease: the tone says so. */
  ease(): void {
    this.heeding.ease();
  }

  /** The position as a tone, of what is known now; silent where it does not hold. */
  sing(guidance: Guidance | null, edges: WindowEdges | null, holds: boolean): void {
    const now = this.heeding.heard(guidance, edges);
    this.sound.position(holds ? now : null);
  }
}
