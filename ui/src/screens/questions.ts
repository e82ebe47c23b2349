// The safety questions, one list, each answered by itself; what an answer means is said at once.
import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { answer, RefusedError, type Screening, type Standing } from "../api";

@customElement("lw-questions")
export class Questions extends LitElement {
  @property({ attribute: false }) screening!: Screening;
  @state() private answers: Record<string, string> = {};
  @state() private said = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    const { asked, standing } = this.screening;
    const outcome = standing.result?.outcome ?? "";
    const told = outcome !== "clear" ? asked.told[outcome] : undefined;
    if (told !== undefined && !standing.may_answer) {
      return html`<section class="told" role="alert">
        <h1>${told.now}</h1>
        <p>${told.next}</p>
      </section>`;
    }
    const open = asked.question.filter((q) => this.answers[q.id] === undefined).length;
    return html`<section>
      <h1>A few questions first</h1>
      <p>
        They tell whether stretching suits you now, or whether somebody should have a look first. Your
        answers stay on this machine.
      </p>
      <form @submit=${this.send}>
        ${asked.question.map(
          (q) => html`<fieldset>
            <legend>${q.text}</legend>
            ${["no", "yes"].map(
              (value) => html`<label
                ><input
                  type="radio"
                  name=${q.id}
                  value=${value}
                  @change=${() => (this.answers = { ...this.answers, [q.id]: value })}
                />${value === "yes" ? "Yes" : "No"}</label
              >`,
            )}
          </fieldset>`,
        )}
        <p aria-live="polite">
          ${this.said || (open > 0 ? `${open} still open` : nothing)}
        </p>
        <button type="submit" ?disabled=${open > 0}>Go on</button>
      </form>
    </section>`;
  }

  private async send(event: Event): Promise<void> {
    event.preventDefault();
    try {
      const told = await answer(this.screening.asked.version, this.answers);
      this.dispatchEvent(new CustomEvent<Standing>("answered", { detail: told.standing }));
    } catch (cause) {
      this.said = cause instanceof RefusedError ? cause.message : String(cause);
    }
  }
}
