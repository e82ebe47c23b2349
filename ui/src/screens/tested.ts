// After a test: what was measured and how surely, or why nothing was; what the plan makes of it.
import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { RefusedError, tellPain } from "../api";
import "../parts/scale";
import { type Taken, takeBack, taken } from "../tests";
import { t } from "../texts";
import { inEnglish } from "../texts/in-english";
import { said } from "../texts/said";
import type { Ended } from "./after";
import { found } from "./tests";

@customElement("lw-tested")
export class Tested extends LitElement {
  @property({ attribute: false }) ended!: Ended;
  @state() private shown: Taken | null = null;
  @state() private pain: number | null = null;
  @state() private back = false;
  @state() private said = "";
  private telling: Promise<unknown> = Promise.resolve();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    void this.attempt(async () => {
      this.shown = await taken(this.ended.sessionId);
    });
  }

  protected override render() {
    const { screeningNeeded, painTold } = this.ended;
    return html`<section class="after narrow tested">
      <h1>${t(this.ended.stopped ? "after.title.stopped" : this.shown?.taken === false ? "tested.title.none" : "tested.title")}</h1>
      ${screeningNeeded ? html`<div class="note"><p lang="en">${t("after.symptom")}</p>${inEnglish()}</div>` : nothing}
      ${this.shown === null ? (this.said ? nothing : html`<p>${t("app.moment")}</p>`) : this.result(this.shown)}
      ${this.said ? html`<p class="trouble" role="alert">${this.said}</p>` : nothing}
      ${
        painTold !== null
          ? nothing
          : html`<lw-scale
              name="pain-after"
              .label=${t("after.pain")}
              .value=${this.pain}
              @chosen=${(e: CustomEvent<number>) => this.attempt(() => this.tell(e.detail))}
            ></lw-scale>`
      }
      <div class="begin">
        <button class="main" @click=${() => void this.leave("tests")}>${t("tested.back")}</button>
        <button @click=${() => void this.leave("left")}>${t("after.back")}</button>
      </div>
    </section>`;
  }

  private result(shown: Taken) {
    return html`<article>
      <h2>${said(shown.name)}</h2>
      <p class="quiet">${said(shown.shows)}</p>
      ${shown.told.map((line) => html`<p class=${shown.taken ? "told-now" : "fog"}>${said(line)}</p>`)}
      ${
        shown.found.length === 0
          ? nothing
          : html`<h3>${t(shown.found.some((f) => f.days > 1) ? "tested.all" : "tested.means")}</h3>
              ${shown.found.map((f) => found(f, true))}`
      }
      <p class="quiet">${t(shown.taken ? "tested.plan" : "tested.none")}</p>
      ${
        !shown.taken
          ? nothing
          : this.back
            ? html`<p role="status">${t("tests.taken.done")}</p>`
            : html`<button class="quiet" @click=${() => this.attempt(() => this.takeBack(shown))}>${t("tested.wrong")}</button>`
      }
    </article>`;
  }

  private async takeBack(shown: Taken): Promise<void> {
    await takeBack(shown.place);
    this.back = true;
  }

  private async tell(nrs: number): Promise<void> {
    this.pain = nrs;
    // One after the other: the word that is said last is the one that is kept.
    this.telling = this.telling.catch(() => {}).then(() => tellPain(this.ended.sessionId, "after", nrs));
    await this.telling;
  }

  private async leave(where: "tests" | "left"): Promise<void> {
    await this.telling.catch(() => {});
    this.dispatchEvent(new CustomEvent(where));
  }

  private async attempt(what: () => Promise<void>): Promise<void> {
    try {
      await what();
    } catch (cause) {
      this.said = cause instanceof RefusedError ? cause.message : String(cause);
    }
  }
}
