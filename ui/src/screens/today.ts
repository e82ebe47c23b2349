// What may be done today, each with its place; one pain question, and one button to begin.
import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Exercise, Totals } from "../api";
import "../parts/phone";

const PLACES: Record<string, string> = {
  floor: "On the floor",
  bed: "On the bed",
  chair: "On a chair",
  standing: "Standing",
  desk: "At the desk",
};

export interface Chosen {
  exercise: Exercise;
  heightM: number;
  painNow: number | null;
}

@customElement("lw-today")
export class Today extends LitElement {
  @property({ attribute: false }) exercises: Exercise[] = [];
  @property({ attribute: false }) history: Totals[] = [];
  @state() private chosen = "";
  @state() private pain: number | null = null;
  @state() private heightCm = Number(localStorage.getItem("height_cm") ?? "170");

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    const led = this.exercises.filter((e) => e.refusal === null);
    const places = [...new Set(led.map((e) => e.place))];
    return html`<section>
      <h1>Today</h1>
      <form @submit=${this.go}>
        <label
          >How is your back now, 0 (no pain) to 10?
          <input
            type="number"
            min="0"
            max="10"
            inputmode="numeric"
            @change=${(e: Event) => (this.pain = numberOf(e))}
        /></label>
        <label
          >Your height in centimetres
          <input
            type="number"
            min="120"
            max="230"
            required
            .value=${String(this.heightCm)}
            @change=${(e: Event) => (this.heightCm = numberOf(e) ?? this.heightCm)}
        /></label>
        ${places.map(
          (place) => html`<h2>${PLACES[place] ?? place}</h2>
            <ul class="cards">
              ${led
                .filter((e) => e.place === place)
                .map(
                  (e) => html`<li>
                    <label class="card"
                      ><input
                        type="radio"
                        name="exercise"
                        value=${e.id}
                        @change=${() => (this.chosen = e.id)}
                      /><strong>${e.plain_name}</strong><span>${e.name}</span>
                      <small>${e.summary}</small></label
                    >
                  </li>`,
                )}
            </ul>`,
        )}
        <h2>A phone, if you like</h2>
        <lw-phone .exercise=${this.chosen}></lw-phone>
        <div class="foot">
          <button type="submit" ?disabled=${this.chosen === ""}>Start</button>
        </div>
      </form>
      ${this.history.length > 0 ? this.past() : nothing}
    </section>`;
  }

  private past() {
    return html`<h2>Before today</h2>
      <table>
        <thead>
          <tr><th>When</th><th>What</th><th>Seconds that count</th><th></th></tr>
        </thead>
        <tbody>
          ${[...this.history].reverse().map(
            (s) => html`<tr>
              <td>${new Date(s.started_utc).toLocaleString()}</td>
              <td>${this.exercises.find((e) => e.id === s.exercise_id)?.plain_name ?? ""}</td>
              <td>${s.effective_s === null ? "" : Math.round(s.effective_s)}</td>
              <td>
                <a href=${`/api/sessions/${s.session_id}/report`} target="_blank" rel="noopener"
                  >Report</a
                >
              </td>
            </tr>`,
          )}
        </tbody>
      </table>`;
  }

  private go(event: Event): void {
    event.preventDefault();
    const exercise = this.exercises.find((e) => e.id === this.chosen);
    if (exercise === undefined) return;
    localStorage.setItem("height_cm", String(this.heightCm));
    const detail: Chosen = { exercise, heightM: this.heightCm / 100, painNow: this.pain };
    this.dispatchEvent(new CustomEvent<Chosen>("chosen", { detail }));
  }
}

function numberOf(event: Event): number | null {
  const value = (event.target as HTMLInputElement).valueAsNumber;
  return Number.isFinite(value) ? value : null;
}
