// The keys of a session. Space stops, whatever has the focus: a button under it must not be pressed
// instead. Everything else yields to what is written into and to keys held down.
import type { WordKind } from "./wire";

export type Command = "floor" | "swap" | "sound";
const WORDS: Record<string, WordKind> = {
  p: "pause",
  r: "resume",
  n: "skip",
  a: "repeat",
  f: "first_resistance",
  t: "tolerance",
};
const COMMANDS: Record<string, Command> = { l: "floor", v: "swap", m: "sound" };

export interface Hands {
  word(kind: WordKind): void;
  command(command: Command): void;
  /** A number while something is asked; false: nothing is. */
  number(n: number): boolean;
}

/** Listens until the returned function is called. */
export function listen(hands: Hands): () => void {
  const pressed = (event: KeyboardEvent): void => {
    if (event.key === " ") {
      swallow(event);
      hands.word("stop");
      return;
    }
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    const [word, command] = [WORDS[key], COMMANDS[key]];
    const asked = /^[0-9]$/.test(key) && hands.number(Number(key));
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
