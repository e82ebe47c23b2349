// The bar over the screens that one may go to at any time.
import { html } from "lit";
import { t } from "../texts";

export type Screen =
  | "loading"
  | "locked"
  | "consent"
  | "questions"
  | "height"
  | "resume"
  | "today"
  | "intake"
  | "week"
  | "tests"
  | "tested"
  | "session"
  | "rest"
  | "after"
  | "history"
  | "far"
  | "shut";

const WITH_BAR: Screen[] = ["today", "week", "tests", "tested", "history", "after"];
/** Whether the bar stands over it. */
export const barred = (screen: Screen): boolean => WITH_BAR.includes(screen);

const SECTIONS = ["today", "week", "tests", "history"] as const;
export type Section = (typeof SECTIONS)[number];

export function sections(here: string, go: (section: Section) => void) {
  return html`<header class="sections">
    <span class="mark">Lengthwise</span>
    <nav aria-label=${t("nav.label")}>
      ${SECTIONS.map(
        (section) => html`<button
          class="link"
          aria-current=${here === section ? "page" : "false"}
          @click=${() => go(section)}
        >
          ${t(`nav.${section}`)}
        </button>`,
      )}
    </nav>
  </header>`;
}
