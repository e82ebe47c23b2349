// The words of this page in the language that the phone is set to, where it is known.
import * as en from "./words";
import * as de from "./words.de";

const german = navigator.language.toLowerCase().startsWith("de");

document.documentElement.lang = german ? "de" : "en";

export const { PLACES, SAYS, WORDS } = german ? de : en;
