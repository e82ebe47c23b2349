// Words of safety stay in reviewed English. Beside them stands, in the language of the page, that they do.
import { html, nothing } from "lit";
import { language } from "./index";

const WHY = {
  de: {
    whole:
      "Das steht auf Englisch, weil es um deine Sicherheit geht und die Übersetzung noch niemand vom Fach geprüft hat. Wenn du etwas nicht sicher verstehst, lass es dir übersetzen.",
    short: "Auf Englisch, weil es um deine Sicherheit geht: die Übersetzung hat noch niemand geprüft.",
  },
} as const;

/** Nothing on a page in English. `short`: where there is little room; `beside`: within a line of its words. */
export function inEnglish(how: "whole" | "short" | "beside" = "whole") {
  if (language === "en") return nothing;
  if (how === "beside") return html`<small class="in-english" lang=${language}>${WHY[language].short}</small>`;
  return html`<p class="quiet in-english"><small>${WHY[language][how]}</small></p>`;
}
