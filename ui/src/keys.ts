// The keys of a session. Space stops, whatever has the focus: a button under it must not be pressed
// instead. Everything else yields to what is written into and to keys held down.
import { kept } from "./kept";
import type { WordKind } from "./wire";

export type Command = "floor" | "swap" | "sound" | "ghost" | "tone";
const WORDS: Record<string, WordKind> = {
  p: "pause",
  r: "resume",
  n: "skip",
  a: "repeat",
  f: "first_resistance",
  t: "tolerance",
};
const COMMANDS: Record<string, Command> = { l: "floor", v: "swap", m: "sound", o: "ghost", h: "tone" };

export interface Hands {
  word(kind: WordKind): void;
  command(command: Command): void;
  /** A digit while something is asked; false: nothing is. */
  digit(n: number): boolean;
}

export const LETTERS = "letter_keys";

/** Whether single letters do something: who speaks to a machine, or trembles, may want space alone. */
export const letters = (): boolean => kept(LETTERS) !== "0";

const SECOND_DIGIT_MS = 800;

/** Numbers from 0 to 10 out of single digits: a one waits whether it becomes a ten, so that who tells
 * of the most pain is not taken at one. */
export class Digits {
  private waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly told: (n: number) => void) {}

  press(digit: number): void {
    const ten = this.waiting !== undefined && digit === 0;
    this.clear();
    if (digit === 1) this.waiting = setTimeout(() => this.tell(1), SECOND_DIGIT_MS);
    else this.tell(ten ? 10 : digit);
  }

  clear(): void {
    clearTimeout(this.waiting);
    this.waiting = undefined;
  }

  private tell(n: number): void {
    this.clear();
    this.told(n);
  }
}

/** Listens until the returned function is called. */
export function listen(hands: Hands): () => void {
  const pressed = (event: KeyboardEvent): void => {
    if (event.key === " ") {
      swallow(event);
      hands.word("stop");
      return;
    }
    if (!letters() || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    const [word, command] = [WORDS[key], COMMANDS[key]];
    const asked = /^[0-9]$/.test(key) && hands.digit(Number(key));
    if (word !== undefined) hands.word(word);
    else if (command !== undefined) hands.command(command);
    else if (!asked) return;
    swallow(event);
  };
  // A focused button is pressed when space is let go.
  const released = (event: KeyboardEvent): void => {
    if (event.key === " ") swallow(event);
  };
  window.addEventListener("keydown", pressed, true);
  window.addEventListener("keyup", released, true);
  return () => {
    window.removeEventListener("keydown", pressed, true);
    window.removeEventListener("keyup", released, true);
  };
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
