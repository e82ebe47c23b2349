// A sentence that comes from the program, with the language that it is in.
import { html } from "lit";
import { inGerman } from "./decisions";
import { language } from "./index";

/** With the language that it is in, for whoever reads it aloud. */
export function said(text: string) {
  const german = language === "de" ? inGerman(text) : null;
  return german === null ? html`<span lang="en">${text}</span>` : html`<span lang="de">${german}</span>`;
}
