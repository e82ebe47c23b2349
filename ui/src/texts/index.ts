// Which language the page speaks, and its words. A language is taken up when the page is opened.
import { keep, kept } from "../kept";
import { de } from "./de";
import { waiting as waitingDe } from "./de.waiting";
import { en, type Key } from "./en";

export type { Key } from "./en";
export type Language = "en" | "de";
const KEPT = "language";
const WORDS: Record<Language, Record<Key, string>> = { en, de };

export const LANGUAGES: Record<Language, string> = { en: "English", de: "Deutsch" };

function first(): Language {
  const own = kept(KEPT);
  return own === "de" || own === "en" ? own : "en";
}

export const language: Language = first();
document.documentElement.lang = language;

const WAITING: Record<Language, Record<string, string>> = { en: {}, de: waitingDe };
const OWN = new Set(Object.values(WAITING[language]));

/** Why a clock waits, by reason: in this language where it may be said in it, else as it came. */
export function waitingWords(english: Record<string, string>): Record<string, string> {
  return { ...english, ...WAITING[language] };
}

/** The language of such words. */
export function waitingIn(words: string): string {
  return OWN.has(words) ? language : "en";
}

/** Opens the page anew in that language. */
export function speak(wanted: Language): void {
  keep(KEPT, wanted);
  location.reload();
}

export function t(key: Key, filled: Record<string, string | number> = {}): string {
  return WORDS[language][key].replace(/\{(\w+)\}/g, (_, name: string) => String(filled[name] ?? ""));
}

/** As it stands, with its holes. */
export function raw(key: Key): string {
  return WORDS[language][key];
}

/** The words for one, or for so many. */
export function tn(key: Key, n: number, filled: Record<string, string | number> = {}): string {
  const one = `${key}.one` as Key;
  return t(n === 1 && one in WORDS[language] ? one : key, { n, ...filled });
}

export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export function day(utc: string): string {
  return new Date(utc).toLocaleDateString(language, { day: "numeric", month: "short" });
}

export function moment(utc: string): string {
  const how = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" } as const;
  return new Date(utc).toLocaleString(language, how);
}

/** What was refused, as the program told it: one English line, and a code by which it is said here. */
export interface Refusal {
  line: string;
  code?: string | null;
  values?: Record<string, string | number>;
}

/** In the language of the page; where it has no words for it, that it is English. */
export function refusedWords({ line, code, values = {} }: Refusal): string {
  const key = `refused.${code}`;
  if (!(key in WORDS[language])) return t("refused.other", { line });
  const shown = Object.entries(values).map(([name, v]) => [name, typeof v === "number" ? v.toLocaleString(language) : v]);
  return t(key as Key, Object.fromEntries(shown));
}
