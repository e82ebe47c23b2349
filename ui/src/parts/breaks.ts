// Short breaks in a working day: when, and with what. A suggestion, and none of how somebody sits.
import { html, LitElement, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { RefusedError } from "../api";
import { type Breaks, breaks, clock, DESKS, minutesOf, tellDay } from "../steps";
import { t } from "../texts";
import { said } from "../texts/said";

@customElement("lw-breaks")
export class BreaksPart extends LitElement {
  @state() private shown: Breaks | null = null;
  @state() private said = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    return html`<details class="breaks" @toggle=${(e: Event) => (e.target as HTMLDetailsElement).open && this.shown === null && void this.attempt(breaks)}>
      <summary>${t("breaks.title")}</summary>
      ${this.shown === null ? html`<p class="quiet">${this.said || t("app.moment")}</p>` : this.day(this.shown)}
      ${this.said && this.shown !== null ? html`<p class="trouble" role="alert">${this.said}</p>` : nothing}
    </details>`;
  }

  private day(shown: Breaks) {
    const { told } = shown;
    const lunch = told?.pauses[0]?.at_min;
    return html`${
        told === null
          ? html`<p class="quiet">${t("breaks.none")}</p>`
          : html`<ul class="facts-list">${shown.lines.map((line) => html`<li>${said(line)}</li>`)}</ul>
              <p class="quiet">${said(shown.reason)}</p>`
      }
      <form @submit=${this.send}>
        ${this.time("from", t("breaks.from"), told?.from_min ?? 540)} ${this.time("until", t("breaks.until"), told?.until_min ?? 1020)}
        ${this.time("lunch", t("breaks.lunch"), lunch ?? null)}
        <fieldset class="question">
          <legend>${t("breaks.desk")}</legend>
          <div class="choice">
            ${DESKS.map(
              (d) => html`<label
                ><input type="radio" name="desk" value=${d} required .checked=${(told?.desk ?? "sitting") === d} /><span>${t(`breaks.desk.${d}`)}</span></label
              >`,
            )}
          </div>
        </fieldset>
        <label class="field"
          ><span>${t("breaks.sitting")}</span
          ><input type="number" name="sitting" min="0" max="24" step="0.5" inputmode="decimal" .value=${told?.sitting_h?.toString() ?? ""}
        /></label>
        <p class="quiet">${t("breaks.sitting.note")}</p>
        <div class="begin"><button type="submit">${t("breaks.spread")}</button></div>
      </form>`;
  }

  private time(name: string, says: string, min: number | null) {
    return html`<label class="field"
      ><span>${says}</span><input type="time" name=${name} ?required=${name !== "lunch"} .value=${min === null ? "" : clock(min)}
    /></label>`;
  }

  private send(event: SubmitEvent): void {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const at = (name: string): number | null => minutesOf(String(form.get(name) ?? ""));
    const [from_min, until_min] = [at("from"), at("until")];
    if (from_min === null || until_min === null) return;
    const sitting = String(form.get("sitting") ?? "");
    const sitting_h = sitting === "" ? null : Number(sitting);
    void this.attempt(() => tellDay({ from_min, until_min, desk: String(form.get("desk")), lunch_at_min: at("lunch"), sitting_h }));
  }

  private async attempt(what: () => Promise<Breaks>): Promise<void> {
    this.said = "";
    try {
      this.shown = await what();
    } catch (cause) {
      this.said = cause instanceof RefusedError ? cause.message : String(cause);
    }
  }
}
