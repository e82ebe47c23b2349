// Why something was decided: what would change it, by which rules, and what these rest on.
import { html, nothing } from "lit";
import type { Words } from "../plan";
import { t } from "../texts";
import { inEnglish } from "../texts/in-english";
import { anyEnglish, said } from "../texts/said";

/** What would change it, and what it rests on. */
export function reasons(wouldChange: string, words: Words) {
  return html`<div class="reasons">
    <p><strong>${t("plan.change")}</strong> ${said(wouldChange)}</p>
    ${words.rules.length > 0 ? html`<p><strong>${t("plan.rules")}</strong></p><ul>${words.rules.map((r) => html`<li>${said(r)}</li>`)}</ul>${anyEnglish(words.rules) ? inEnglish("short") : nothing}` : nothing}
    ${words.evidence.length > 0 ? html`<p><strong>${t("plan.evidence")}</strong></p><ul>${words.evidence.map((e) => html`<li>${said(e)}</li>`)}</ul>` : nothing}
  </div>`;
}
