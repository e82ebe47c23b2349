// A session that somebody was in the middle of: go on with it, or end it where it stands.
import { html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Unfinished } from "../api";
import { t, tn } from "../texts";
import { named } from "../texts/said";

@customElement("lw-resume")
export class Resume extends LitElement {
  @property({ attribute: false }) offer!: Unfinished;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    const { plain_name, side, effective_s } = this.offer;
    const where = side === null ? "" : `, ${t(`side.${side}`)}`;
    const counted = effective_s === null ? 0 : Math.round(effective_s);
    return html`<section class="resume narrow">
      <h1>${t("resume.title", { what: `${named(plain_name)}${where}` })}</h1>
      ${counted > 0 ? html`<p>${tn("resume.counts", counted)}</p>` : nothing}
      <p>${t("resume.how")}</p>
      <nav>
        <button class="main" @click=${() => this.say("goon")}>${t("resume.go")}</button>
        <button @click=${() => this.say("endthere")}>${t("resume.end")}</button>
      </nav>
    </section>`;
  }

  private say(answer: "goon" | "endthere"): void {
    this.dispatchEvent(new CustomEvent<Unfinished>(answer, { detail: this.offer }));
  }
}
