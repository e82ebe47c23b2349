// Where nothing can be done now: why, and once more.
import { html } from "lit";
import { t } from "../texts";

export function shut(said: string, again: () => void) {
  return html`<section class="narrow" role="alert">
    <h1>${t("app.notNow")}</h1>
    <p class="lead">${said}</p>
    <button @click=${again}>${t("app.again")}</button>
  </section>`;
}
