// The country whose emergency number is said. Chosen by the person and never guessed from language,
// clock or address: a number of the wrong country rings nowhere.
import { html, LitElement } from "lit";
import { customElement, state } from "lit/decorators.js";
import { chooseRegion, type Regions, regions } from "../api";
import { language, t } from "../texts";

const NAMES = language === "en" ? null : new Intl.DisplayNames([language], { type: "region" });

@customElement("lw-country")
export class Country extends LitElement {
  @state() private known: Regions | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    regions().then(
      (known) => (this.known = known),
      () => {}, // without the list the sentence without a number stays
    );
  }

  protected override render() {
    if (this.known === null) return html``;
    const { regions, chosen } = this.known;
    return html`<p class="note"><label
      >${t("questions.country")}
      <select @change=${this.choose}>
        <option value="" ?selected=${chosen === null}>${t("questions.country.none")}</option>
        ${Object.entries(regions)
          .map(([code, english]) => [code, NAMES?.of(code) ?? english] as const)
          .sort(([, a], [, b]) => a.localeCompare(b))
          .map(
            ([code, name]) =>
              html`<option value=${code} ?selected=${code === chosen}>${name}</option>`,
          )}
      </select></label
    ></p>`;
  }

  private async choose(event: Event): Promise<void> {
    const code = (event.target as HTMLSelectElement).value || null;
    const { told } = await chooseRegion(code);
    if (this.known !== null) this.known = { ...this.known, chosen: code };
    this.dispatchEvent(new CustomEvent("told", { detail: told, bubbles: true }));
  }
}
