// One's own ladder: what was expected before a step and how it was, and what could come next. The choice
// stays with the person; nothing here is looked up before it is opened.
import { html, LitElement, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { RefusedError } from "../api";
import "./scale";
import { chooseLadder, type Ladder, ladder, tellTried } from "../steps";
import { day, t } from "../texts";
import { said, saidPlain } from "../texts/said";

@customElement("lw-ladder")
export class LadderPart extends LitElement {
  @state() private shown: Ladder | null = null;
  @state() private rung: string | null = null;
  @state() private expected: number | null = null;
  @state() private confidence: number | null = null;
  @state() private actual: number | null = null;
  @state() private said = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    return html`<details class="ladder" @toggle=${(e: Event) => (e.target as HTMLDetailsElement).open && this.shown === null && void this.attempt(ladder)}>
      <summary>${t("ladder.title")}</summary>
      ${this.shown === null ? html`<p class="quiet">${this.said || t("app.moment")}</p>` : this.shown.rungs.length === 0 ? this.choose(this.shown) : this.steps(this.shown)}
      ${this.said && this.shown !== null ? html`<p class="trouble" role="alert">${this.said}</p>` : nothing}
    </details>`;
  }

  private choose(shown: Ladder) {
    return html`<p class="quiet">${t("ladder.what")}</p>
      <div class="begin">
        ${shown.ladders.map((l) => html`<button @click=${() => this.attempt(() => chooseLadder(l.id))}>${said(l.name)}</button>`)}
      </div>`;
  }

  private steps(shown: Ladder) {
    return html`<p><strong>${said(shown.offered)}</strong></p>
      <p class="quiet">${said(shown.reason)} ${said(shown.would_change)}</p>
      <ul class="facts-list">${shown.lines.map((line) => html`<li>${said(line)}</li>`)}</ul>
      <label class="field"
        ><span>${t("ladder.step")}</span>
        <select name="rung" @change=${(e: Event) => (this.rung = (e.target as HTMLSelectElement).value || null)}>
          <option value=""></option>
          ${shown.rungs.map((r) => html`<option value=${r.id} ?selected=${r.id === this.rung}>${saidPlain(r.name)}</option>`)}
        </select></label
      >
      ${
        this.rung === null
          ? nothing
          : html`<lw-scale name="expected" .label=${t("ladder.expected")} .value=${this.expected} @chosen=${(e: CustomEvent<number>) => (this.expected = e.detail)}></lw-scale>
              <lw-scale
                name="confidence"
                .label=${t("ladder.confidence")}
                .ends=${[t("ladder.unsure"), t("ladder.sure")]}
                .value=${this.confidence}
                @chosen=${(e: CustomEvent<number>) => (this.confidence = e.detail)}
              ></lw-scale>
              ${this.howItWas()}
              <div class="begin">
                <button ?disabled=${this.actual === null} @click=${() => this.tell(false)}>${t("ladder.keep")}</button>
                <button class="quiet" @click=${() => this.tell(true)}>${t("ladder.stopped")}</button>
              </div>`
      }
      ${
        shown.tried.length === 0
          ? nothing
          : html`<h3>${t("ladder.tried")}</h3>
              <ul class="facts-list">
                ${shown.tried.slice(0, 8).map(
                  (x) => html`<li>${said(x.text)}, ${day(`${x.on}T12:00:00`)}: ${t("ladder.pair", { a: x.expected ?? "–", b: x.actual ?? "–" })}</li>`,
                )}
              </ul>`
      }`;
  }

  /** How it was is asked once it was said what it would be. */
  private howItWas() {
    if (this.expected === null || this.confidence === null) return nothing;
    return html`<p>${t("ladder.now")}</p>
      <lw-scale name="actual" .label=${t("ladder.actual")} .value=${this.actual} @chosen=${(e: CustomEvent<number>) => (this.actual = e.detail)}></lw-scale>`;
  }

  private tell(stopped: boolean): void {
    const rung = this.rung;
    if (rung === null) return;
    const { expected, confidence, actual } = this;
    void this.attempt(() => tellTried({ rung, expected, confidence, actual, stopped })).then(() => {
      [this.rung, this.expected, this.confidence, this.actual] = [null, null, null, null];
      // A symptom brings the safety questions: what may be done is asked anew.
      if (stopped && this.said === "") this.dispatchEvent(new CustomEvent("stopped", { bubbles: true, composed: true }));
    });
  }

  private async attempt(what: () => Promise<Ladder>): Promise<void> {
    this.said = "";
    try {
      this.shown = await what();
    } catch (cause) {
      this.said = cause instanceof RefusedError ? cause.message : String(cause);
    }
  }
}
