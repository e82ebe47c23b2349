// Sentences that the program puts together of several parts (ladder, breaks, lessons, sensors, results), in
// German. Whole or not at all: null where any part has none. What safety hangs on has none.
import german from "./beside.de.json";
import { germanName, inTheWeek, needed } from "./names";

type Table = Record<string, string>;
const { sentences, steps, lessons, offers, tracks, sensors, segments } = german as Record<keyof typeof german, Table>;
const SIDES: Table = { left: "links", right: "rechts", "left and right": "links und rechts" };
const VERDICTS: Table = {
  "no change that can be told apart": "keine Änderung, die sich abhebt",
  "less than expected": "weniger als erwartet",
  "more than expected": "mehr als erwartet",
  less: "weniger",
  more: "mehr",
};
const YOURS = "Was du versuchst, wählst immer du.";
const FEW = "zu wenig, um etwas zu sagen";
const WORN = Object.entries(sensors).map(([english, words]) => {
  const holes = [...english.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? "");
  const plain = english.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return { holes, words, form: new RegExp(`^${plain.replace(/\\\{\w+\\\}/g, "([^.()]+?)")}$`) };
});

/** `within` says the sentences that a line holds. */
export function germanComposed(text: string, within: (text: string) => string | null): string | null {
  return (
    sentences[text] ?? steps[text] ?? ofLadder(text, within) ?? ofRatings(text) ?? ofBreak(text) ??
    ofLessons(text) ?? ofSensor(text) ?? ofPlan(text, within) ?? ofResult(text, within)
  );
}

const step = (text: string): string => steps[text] ?? text;
const LACKING: Table = {
  "work for the deep muscles of the trunk": "keine Arbeit für die tiefen Muskeln des Rumpfs",
  "walking among its exercises": "kein Gehen unter ihren Übungen",
};
const comma = (figure: string): string => figure.replaceAll(".", ",");

/** A step may be in the person's own words: then it stands as it is. */
function ofLadder(text: string, within: (text: string) => string | null): string | null {
  const [, offer = "", which = ""] = /^(.+?): “(.+)”\. What to try is always yours to choose\.$/.exec(text) ?? [];
  if (offers[offer] !== undefined) return `${offers[offer]}: „${step(which)}“. ${YOURS}`;
  const [, of = "", stands = "", n = "", why] =
    /^(.+?): (not tried yet|tried (\d+) times?|settled|not now\. (.+))$/.exec(text) ?? [];
  if (of === "") return null;
  if (stands === "settled") return `${step(of)}: sitzt`;
  if (why === undefined) return `${step(of)}: ${n === "" ? "noch nicht versucht" : `${n}-mal versucht`}`;
  const because = within(why);
  return because === null ? null : `${step(of)}: jetzt nicht. ${because}`;
}

function ofRatings(text: string): string | null {
  const few = /^It hurt no more than expected (\d+) of (\d+) times: too few to tell\.$/.exec(text);
  if (few !== null) return `Es tat ${few[1]} von ${few[2]} Mal nicht mehr weh als erwartet: ${FEW}.`;
  const [, n, all, low, high, pain = ""] =
    /^It hurt no more than expected in (\d+) of (\d+) \((\d+) to (\d+) %\); pain was (.+)\.$/.exec(text) ?? [];
  const than = verdict(pain);
  if (than !== null) return `Es tat ${n} von ${all} Mal nicht mehr weh als erwartet (${low} bis ${high} %); der Schmerz: ${than}.`;
  const [, confidence = ""] = /^Confidence beforehand, earlier against later: (.+)\.$/.exec(text) ?? [];
  const now = verdict(confidence);
  return now === null ? null : `Zuversicht davor, früher gegen später: ${now}.`;
}

/** With its interval, or that there are too few. */
function verdict(text: string): string | null {
  if (text === "too few to tell") return FEW;
  const [, what = "", by = "", low = "", high = ""] = /^(.+) \((\S+), 95 % interval (\S+) to (\S+)\)$/.exec(text) ?? [];
  return VERDICTS[what] === undefined ? null : `${VERDICTS[what]} (${comma(by)}, 95-%-Intervall ${comma(low)} bis ${comma(high)})`;
}

function ofBreak(text: string): string | null {
  const longest = /^Longest time without a break: (\d+) min(?:, (\d+) before)?\.$/.exec(text);
  if (longest !== null)
    return `Längste Zeit ohne Pause: ${longest[1]} min${longest[2] === undefined ? "" : `, vorher ${longest[2]}`}.`;
  const [, at, minutes = "", name = "", sides = ""] =
    /^(\d\d:\d\d), ([\d.]+) min: (.+?)(?:, (left|right|left and right))?$/.exec(text) ?? [];
  const what = name === "some steps" ? "ein paar Schritte" : germanName(name);
  if (at === undefined || what === null) return null;
  return `${at}, ${comma(minutes)} min: ${what}${sides === "" ? "" : `, ${SIDES[sides]}`}`;
}

function ofLessons(text: string): string | null {
  const [, done = ""] = /^Nothing more is to be learnt \((.+)\)\.$/.exec(text) ?? [];
  if (tracks[done] !== undefined) return `Mehr ist nicht zu lernen (${tracks[done]}).`;
  const [, track = "", named = "", least, most] =
    /^Next, (.+?): (“.+”)(?:; (\d+) to (\d+) visits in all)?\.$/.exec(text) ?? [];
  const names = [...named.matchAll(/“([^”]+)”/g)].map((m) => lessons[m[1] ?? ""]);
  if (tracks[track] === undefined || names.includes(undefined)) return null;
  const visits = least === undefined ? "" : `; ${least} bis ${most} Termine im Ganzen`;
  return `Als Nächstes, ${tracks[track]}: ${names.map((n) => `„${n}“`).join(" und ")}${visits}.`;
}

function ofSensor(text: string): string | null {
  for (const { holes, words, form } of WORN) {
    const found = form.exec(text);
    if (found === null) continue;
    return words.replace(/\{(\w+)\}/g, (_, name: string) => {
      const filled = found[holes.indexOf(name) + 1] ?? "";
      return segments[filled] ?? filled;
    });
  }
  return null;
}

function ofPlan(text: string, within: (text: string) => string | null): string | null {
  const [, untold = ""] = /^Not known yet, so we stay on the safe side: (.+)$/.exec(text) ?? [];
  const bar = untold === "" ? null : within(untold);
  if (bar !== null) return `Noch nicht bekannt, darum bleiben wir auf der sicheren Seite: ${bar}`;
  const [, muscle = "", minutes = "", barred = ""] = /^The (.+) gets (no|[\d.]+) minutes this week: (.+)$/.exec(text) ?? [];
  const [short, because] = barred === "" ? [null, null] : [needed(muscle), within(barred)];
  if (short !== null && because !== null) return `${short} ${inTheWeek(minutes)}. ${because}`;
  const [, lacking = "", why = ""] = /^This week has no (.+?): (.+)$/.exec(text) ?? [];
  const reason = lacking === "" ? null : within(why);
  if (LACKING[lacking] !== undefined && reason !== null) return `Diese Woche hat ${LACKING[lacking]}. ${reason}`;
  const [, who] = /^(.+) has looked\.$/.exec(text) ?? [];
  if (who !== undefined && who !== "Somebody") return `${who} hat geschaut.`;
  const [, results] = /^(\d+) results of tests were kept\.$/.exec(text) ?? [];
  return results === undefined ? null : `${results} Ergebnisse von Tests wurden behalten.`;
}

/** One result: of a day in the list, or of a test in the line of time. */
function ofResult(text: string, within: (text: string) => string | null): string | null {
  const row = /^(?:(Left|Right), )?([Nn]o result|[Ll]ess than|[Aa]t least)? ?(−?\d+(?: s|°))?$/.exec(text);
  if (row !== null && (row[2] ?? row[3]) !== undefined) {
    const [, side, what = "", value = ""] = row;
    const words: Table = { "no result": "kein Ergebnis", "less than": "weniger als", "at least": "mindestens" };
    const said = `${words[what.toLowerCase()] ?? ""} ${value}`.trim();
    return side === undefined ? said.slice(0, 1).toUpperCase() + said.slice(1) : `${side === "Left" ? "Links" : "Rechts"}, ${said}`;
  }
  const [, name = "", side = "", rest = ""] = /^(.+?)(?:, (left|right))?: ((?:no result\.|at least \d|−?\d).*)$/.exec(text) ?? [];
  const test = name === "" ? null : germanName(name);
  if (test === null) return null;
  const of = side === "" ? test : `${test}, ${SIDES[side]}`;
  if (rest.startsWith("no result. ")) {
    const why = within(rest.slice("no result. ".length));
    return why === null ? null : `${of}: kein Ergebnis. ${why}`;
  }
  const [, least = "", value = "", sd = ""] = /^(at least )?(\S+(?: s)?) \(sd (\S+(?: s)?)\)\.?$/.exec(rest) ?? [];
  return value === "" ? null : `${of}: ${least === "" ? "" : "mindestens "}${comma(value)} (Standardabweichung ${comma(sd)}).`;
}
