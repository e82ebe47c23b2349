// The bar over the screens that one may go to at any time.
import { html } from "lit";
import { t } from "../texts";

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
