// One tap out of the fog: why a part is not known and the way out beside it, while the session rests. Who
// closes it is asked how they are, as after every rest.
import { html, nothing, type ReactiveController, type ReactiveControllerHost } from "lit";
import type { Told, Way } from "../body/parts";
import { t, tn } from "../texts";
import type { Chosen } from "./chosen";
import { type Finding, where } from "./finding";

interface Page extends ReactiveControllerHost, HTMLElement {
  readonly chosen: Chosen;
  readonly leads: boolean;
  rests(): void;
}

export class Seeking implements ReactiveController {
  /** What is told of; the first of it whole. */
  told: Told[] = [];
  /** Pressed where it says that the network is listened to: the code stands at once. */
  listens = false;
  private was = false;

  constructor(private readonly page: Page) {
    page.addController(this);
  }

  get open(): boolean {
    return this.told.length > 0;
  }

  /** How the first is made visible; null: nothing does, or nothing is sought. */
  get way(): Way | null {
    return this.told[0]?.way ?? null;
  }

  /** `wanted` null: no longer. `listens`: for a phone, asked for by a press that says so. */
  ask(wanted: Told[] | null, listens = false): void {
    const told = this.page.leads ? (wanted ?? []) : [];
    this.listens = listens;
    // A rest ends a test: there it is only told. So it is where nothing makes it visible.
    this.told = this.page.chosen.exercise.way === undefined ? told : told.map((one) => ({ ...one, way: null }));
    if (this.way !== null) this.page.rests();
    this.page.requestUpdate();
  }

  first(one: Told): void {
    this.ask([one, ...this.told.filter((each) => each !== one)]);
  }

  /** Over, stopped or not heard: what is said of that stands in its place. */
  hostUpdate(): void {
    if (!this.page.leads) this.told = [];
  }

  /** Who opened it by keyboard goes on in it, and back where it was opened. */
  hostUpdated(): void {
    if (this.open === this.was) return;
    this.was = this.open;
    const to = this.page.querySelector<HTMLElement>(this.open ? ".clearing" : "lw-body .unseen");
    if (!this.open && !this.page.leads) return;
    // Who is led on has to see what leads: it comes into sight, and no further.
    const led = this.open && this.way === null;
    to?.focus({ preventScroll: led });
    if (led) to?.scrollIntoView({ block: "nearest" });
  }
}

interface Sought {
  readonly seeking: Seeking;
  readonly chosen: Chosen;
  readonly finding: Finding | null;
  anew(): void;
}

export function clearing(s: Sought) {
  const { told, way } = s.seeking;
  const [first, ...more] = told;
  if (first === undefined) return nothing;
  return html`<section class="clearing" role="dialog" aria-labelledby="clearing" tabindex="-1">
    <header>
      <h2 id="clearing" class="first">${first.name}</h2>
      <button class="close" @click=${() => s.seeking.ask(null)}>
        ${t("fog.close")} ${way === null ? nothing : html`<kbd>r</kbd>`}
      </button>
    </header>
    <p>${first.why} ${first.clear}</p>
    ${way === null ? nothing : wayOut(s, way)}
    ${
      more.length === 0
        ? nothing
        : html`<details>
            <summary>${tn("fog.others", more.length)}</summary>
            ${more.map((one) => other(s.seeking, one))}
          </details>`
    }
    ${way === null ? nothing : html`<p class="quiet">${t("fog.rests")}</p>`}
  </section>`;
}

function other(seeking: Seeking, one: Told) {
  return html`<section>
    <h3>${one.name}</h3>
    <p>${one.why} ${one.clear}</p>
    ${one.way === null ? nothing : html`<button @click=${() => seeking.first(one)}>${t("fog.make")}</button>`}
  </section>`;
}

function wayOut({ chosen, finding, seeking, anew }: Sought, way: Way) {
  const phone = (code: boolean) =>
    html`<lw-phone joins ?code=${code} .exercise=${chosen.exercise.id} @join=${anew}></lw-phone>`;
  if (way === "phone") return phone(seeking.listens);
  if (way === "sensors") return html`<lw-devices></lw-devices>${phone(false)}`;
  return finding === null ? nothing : where(finding.placing, finding.placed);
}
