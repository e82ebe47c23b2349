// A sentence that comes from the program, with the language that it is in.
import { html } from "lit";
import { inGerman } from "./decisions";
import { language } from "./index";
import { germanFinding, germanName } from "./names";

const name = (english: string): string | null => germanName(english) ?? germanFinding(english);

/** What a muscle or an angle is called; as it came where it has no German. */
export function named(english: string): string {
  return (language === "de" ? name(english) : null) ?? english;
}

/** The language of such a name. */
export function namedIn(english: string): string {
  return language === "de" && name(english) !== null ? "de" : "en";
}

/** As it begins where it stands by itself. */
export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** Where nothing but text can stand. */
export function saidPlain(text: string): string {
  return (language === "de" ? inGerman(text) : null) ?? text;
}

/** Whether any of these stands in English on a page of another language. */
export function anyEnglish(texts: string[]): boolean {
  return language === "de" && texts.some((text) => inGerman(text) === null);
}

/** With the language that it is in, for whoever reads it aloud. */
export function said(text: string) {
  const german = language === "de" ? inGerman(text) : null;
  return german === null ? html`<span lang="en">${text}</span>` : html`<span lang="de">${german}</span>`;
}
