// Sentences that come from the program, in the language of the page where they are known in it; else as
// they came. What safety hangs on is none of these: nobody has reviewed a translation of it.
import german from "./decisions.de.json";
import { germanComposed } from "./composed";
import { germanClaim, germanName, germanOfMuscles } from "./names";

const SIDES: Record<string, string> = { Left: "Links", Right: "Rechts" };
const OF_SIDE = /^(Left|Right): (.+)$/;
const HOLE = /\\\{\w+\\\}/g;
const KNOWN = Object.entries(german as Record<string, string>).map(([english, words]) => {
  const holes = [...english.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? "");
  const plain = english.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return { english, words, holes, form: new RegExp(`^${plain.replace(HOLE, "([^ ]+?)")}$`) };
});

/** One sentence, or several behind one another; null where any of it is not known in German. */
export function inGerman(text: string): string | null {
  const whole = one(text);
  if (whole !== null) return whole;
  for (let at = text.indexOf(". "); at >= 0; at = text.indexOf(". ", at + 1)) {
    const [head, rest] = [one(text.slice(0, at + 1)), inGerman(text.slice(at + 2))];
    if (head !== null && rest !== null) return `${head} ${rest}`;
  }
  return null;
}

function one(text: string): string | null {
  const [, side, rest] = OF_SIDE.exec(text) ?? [];
  if (side !== undefined && rest !== undefined) {
    const words = inGerman(rest);
    return words === null ? null : `${SIDES[side]}: ${words}`;
  }
  const known = germanOfMuscles(text) ?? germanClaim(text) ?? germanName(text) ?? germanComposed(text, inGerman);
  if (known !== null) return known;
  for (const { words, holes, form } of KNOWN) {
    const found = form.exec(text);
    if (found !== null) return words.replace(/\{(\w+)\}/g, (_, name: string) => found[holes.indexOf(name) + 1] ?? "");
  }
  return null;
}
