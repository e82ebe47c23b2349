// Under each screen: what this is not, the language, and light or dark.
import { html, LitElement, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { keep, kept } from "../kept";
import { LETTERS, letters } from "../keys";
import { type Language, LANGUAGES, language, speak, t } from "../texts";

const KEPT = "look";
const LOOKS = ["system", "light", "dark"] as const;
type Look = (typeof LOOKS)[number];

function look(): Look {
  const now = kept(KEPT);
  return LOOKS.find((l) => l === now) ?? "system";
}
document.documentElement.dataset["look"] = look();
document.documentElement.dataset["letters"] = letters() ? "1" : "0";

@customElement("lw-foot")
export class Foot extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    return html`<footer>
      <p>
        ${t("foot.help")}
        ${t("foot.unreviewed") ? html`<br />${t("foot.unreviewed")}` : nothing}
      </p>
      <label
        ><span>${t("nav.language")}</span>
        <select @change=${(e: Event) => speak((e.target as HTMLSelectElement).value as Language)}>
          ${Object.entries(LANGUAGES).map(
            ([id, name]) => html`<option value=${id} ?selected=${id === language}>${name}</option>`,
          )}
        </select></label
      >
      <label
        ><span>${t("nav.letters")}</span>
        <select class="letters" @change=${(e: Event) => this.listen((e.target as HTMLSelectElement).value)}>
          <option value="1" ?selected=${letters()}>${t("nav.letters.on")}</option>
          <option value="0" ?selected=${!letters()}>${t("nav.letters.off")}</option>
        </select></label
      >
      <label
        ><span>${t("nav.look")}</span>
        <select @change=${(e: Event) => this.turn((e.target as HTMLSelectElement).value)}>
          ${LOOKS.map((l) => html`<option value=${l} ?selected=${l === look()}>${t(`nav.look.${l}`)}</option>`)}
        </select></label
      >
    </footer>`;
  }

  private listen(wanted: string): void {
    keep(LETTERS, wanted);
    document.documentElement.dataset["letters"] = wanted;
  }

  private turn(wanted: string): void {
    keep(KEPT, wanted);
    document.documentElement.dataset["look"] = look();
    this.requestUpdate();
  }
}
