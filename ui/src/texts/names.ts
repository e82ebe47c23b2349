// What muscles, angles, exercises and tests are called, as they come from the program, in German; and the
// sentences that are made of them.
import evidence from "./evidence.de.json";
import exercises from "./exercises.de.json";
import german from "./names.de.json";

const SIDES = { left: ["linken", "links"], right: ["rechten", "rechts"] } as const;
const GERMAN = new Map([
  ...Object.entries(german.coordinate as Record<string, string>),
  ...Object.entries(exercises as Record<string, string>),
]);
for (const [english, words] of Object.entries(german.muscle as Record<string, string>))
  for (const [side, [of, at]] of Object.entries(SIDES))
    GERMAN.set(english.replace("{side}", side), words.replace("{linken}", of).replace("{links}", at));

const CLAIMS = new Map(Object.entries(evidence as Record<string, string>));
const CLAIM = /^(.+) \((expert default|(?:not verified, )?certainty: [a-z ]+)\)$/;
const UNREAD = "not verified, ";
const SURE: Record<string, string> = {
  "expert default": "Erfahrungswert",
  "certainty: very low": "sehr unsicher",
  "certainty: low": "unsicher",
  "certainty: moderate": "mittelsicher",
  "certainty: high": "sicher",
};

const LENGTHENS = /^It lengthens the (.+)\.$/;
const SHORT_OF = /^The (.+) gets (no|[\d.]+) minutes this week: (.+)\.$/;
const BECAUSE: Record<string, string> = {
  "what matters more fills the days": "was mehr zählt, füllt die Tage",
  "there is no stretch for it": "dafür gibt es keine Dehnung",
};
const FOUND: Record<string, string> = {
  "feels tight, not measured": "fühlt sich eng an, nicht gemessen",
  "six weeks were for it, so others come first": "sechs Wochen galten dem, also kommt anderes zuerst",
};
const MEASURED = /^(.+) (\d+) degrees$/;

/** A claim with how sure its source is; null: it has no German. */
export function germanClaim(text: string): string | null {
  const [, claim = "", sure = ""] = CLAIM.exec(text) ?? [];
  const [words, surely] = [CLAIMS.get(claim), SURE[sure.replace(UNREAD, "")]];
  const unread = sure.startsWith(UNREAD) ? "nicht geprüft, " : "";
  return words === undefined || surely === undefined ? null : `${words} (${unread}${surely})`;
}

/** A muscle's place, an angle, an exercise, or that a place feels tight; null: it has no German. */
export function germanName(english: string): string | null {
  return GERMAN.get(english) ?? GERMAN.get(lower(english)) ?? FOUND[english] ?? null;
}

/** A sentence that names muscles; null where any part of it is not known in German. */
export function germanOfMuscles(text: string): string | null {
  const lengthens = LENGTHENS.exec(text)?.[1];
  if (lengthens !== undefined) {
    const all = lengthens.split(" and ").map(needed);
    return all.includes(null) ? null : `Es dehnt: ${all.join("; ")}.`;
  }
  const [, of = "", minutes = "", why = ""] = SHORT_OF.exec(text) ?? [];
  const [muscle, because] = [needed(of), BECAUSE[why]];
  if (muscle === null || because === undefined) return null;
  return `${muscle} ${inTheWeek(minutes)}: ${because}.`;
}

/** How much of it the week has: "no", or minutes. */
export function inTheWeek(minutes: string): string {
  return `bekommt in dieser Woche ${minutes === "no" ? "nichts" : `${minutes.replace(".", ",")} Minuten`}`;
}

/** A muscle that is needed, with what was found of it; null: it has no German. */
export function needed(text: string): string | null {
  const [, place = "", , finding = ""] = /^(.+?)( \((.+)\))?$/.exec(text) ?? [];
  const [muscle, found] = [germanName(place), finding === "" ? "" : germanFinding(finding)];
  if (muscle === null || found === null) return null;
  return found === "" ? muscle : `${muscle} (${found})`;
}

/** Why a muscle is to be lengthened; null: it has no German. */
export function germanFinding(text: string): string | null {
  const all = text.split("; ").map((each) => {
    const [, test = "", degrees] = MEASURED.exec(each) ?? [];
    if (degrees === undefined) return FOUND[each] ?? null;
    const name = germanName(test.slice(0, 1).toUpperCase() + test.slice(1));
    return name === null ? null : `${name}: ${degrees} Grad`;
  });
  return all.includes(null) ? null : all.join("; ");
}

function lower(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
