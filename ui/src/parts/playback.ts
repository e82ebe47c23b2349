// A kept session looked at again: the body as it was shown, the position over time, what was said. All
// of it by pointer or by keys alone. What was fog then is fog now.
import { decode } from "@msgpack/msgpack";
import { html, LitElement, nothing, svg } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { call, RefusedError } from "../api";
import "../body/view";
import type { Body } from "../body/view";
import { facing } from "../placing";
import { duration, t } from "../texts";
import { type Decision, fromBytes, type Guidance, type View } from "../wire";
import "./playback.css";
import "./ring";

interface Played {
  exercise_id: string | null;
  plain_name: string | null;
  view: "front" | "left" | "right";
  side: "l" | "r" | null;
  height_m: number;
  duration_s: number;
  /** By side: lower and upper edge of the window and the ceiling, between the two marks. */
  windows: Partial<Record<"l" | "r", [number | null, number | null, number]>>;
  views: Uint8Array[];
  told: Uint8Array[];
}

const WIDE = 1000;
const HIGH = 90;
const LONG = 60; // letters: a sentence to read, not a word to act on
const STEP_S = 1;
const LEAP_S = 10;
const SPEEDS = [1, 2, 4] as const;
const CALM_EVERY_MS = 1000; // where less motion is wanted: one picture a second, and no more

@customElement("lw-playback")
export class Playback extends LitElement {
  @property() session = "";
  @state() private played: Played | null = null;
  @state() private views: View[] = [];
  @state() private told: Decision[] = [];
  @state() private atS = 0;
  @state() private plays = false;
  @state() private speed: (typeof SPEEDS)[number] = 1;
  @state() private said = "";
  @query("lw-body") private body!: Body | null;
  private shown: View | null = null;
  private frame = 0;
  private last = 0;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    void this.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    cancelAnimationFrame(this.frame);
  }

  private async load(): Promise<void> {
    try {
      const path = `/api/sessions/${this.session}/playback`;
      const answer = await fetch(path, { credentials: "same-origin" });
      if (!answer.ok) await call(path); // says why
      const played = decode(new Uint8Array(await answer.arrayBuffer())) as Played;
      const all = [...played.views, ...played.told].map((raw) => fromBytes(raw.slice().buffer));
      this.views = all.filter((m) => m.type === "view");
      this.told = all.flatMap((m) => (m.type === "told" ? [m.decision] : []));
      this.played = played;
      this.atS = this.views[0]?.t_s ?? 0;
    } catch (cause) {
      this.said = cause instanceof RefusedError ? cause.message : t("play.cannot");
    }
  }

  protected override render() {
    const { played } = this;
    if (played === null) return html`<p role="status">${this.said || t("play.loads")}</p>`;
    const view = this.now;
    const g = view?.guidance ?? null;
    const line = this.line;
    // Of a session in which it never was known that is said once, in place of its course.
    const known = pieces(this.views).length > 0;
    return html`<section class="playback" aria-label=${t("play.label")} @keydown=${this.pressed}>
      <div class="picture">
        ${
          played.exercise_id === null
            ? nothing
            : html`<lw-body
                .exercise=${played.exercise_id}
                .seenFrom=${facing(played.view, played.side)}
                .heightCm=${played.height_m * 100}
              ></lw-body>`
        }
      </div>
      <div class="beside">
        <p class="phase">
          ${g === null ? "" : t(`phase.${g.phase}`)} ${g?.side ? html`<small>${t(`side.${g.side}`)}</small>` : nothing}
        </p>
        ${
          g === null || g.cycles !== null || g.uncued
            ? nothing
            : html`<lw-ring .effective=${g.effective_s} .uncertain=${g.uncertain_s} .target=${g.hold_target_s}></lw-ring>`
        }
        ${known ? html`<p class=${position(g) === null ? "fog" : ""}>${position(g) ?? t("play.position.none")}</p>` : nothing}
      </div>
      <p class="line" data-long=${(line?.text?.length ?? 0) > LONG} lang=${line?.language ?? "en"}>${line?.text ?? ""}</p>
      ${this.course(played)}
      <label class="scrub"
        ><span>${t("play.at", { a: duration(this.atS), b: duration(played.duration_s) })}</span>
        <input
          type="range"
          min="0"
          max=${played.duration_s}
          step="0.2"
          .value=${String(this.atS)}
          aria-valuetext=${this.spoken(g)}
          @input=${(e: Event) => this.go(Number((e.target as HTMLInputElement).value))}
        />
      </label>
      <div class="begin">
        <button class="main" @click=${() => this.turn()}>
          ${t(this.plays ? "play.pause" : "play.play")} <kbd>k</kbd>
        </button>
        <button @click=${() => this.leap(-1)}>${t("play.before")} <kbd>,</kbd></button>
        <button @click=${() => this.leap(1)}>${t("play.next")} <kbd>.</kbd></button>
        <button @click=${() => this.faster()} aria-label=${t("play.speed", { n: this.speed })}>${this.speed} ×</button>
      </div>
      <p class="quiet">${t("play.note")} ${known ? t("play.note.course") : nothing}</p>
    </section>`;
  }

  protected override updated(): void {
    const view = this.now;
    if (view === null || view === this.shown) return;
    this.shown = view;
    this.body?.show(view);
  }

  /** The last instant at or before the place of the scrubber. */
  private get now(): View | null {
    let [low, high] = [0, this.views.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.views[middle]?.t_s ?? Infinity) <= this.atS) low = middle;
      else high = middle - 1;
    }
    return this.views[low] ?? null;
  }

  private get line(): Decision | null {
    return this.told.filter((d) => d.text !== null && d.t_s <= this.atS).at(-1) ?? null;
  }

  private spoken(g: Guidance | null): string {
    const phase = g === null ? "" : t(`phase.${g.phase}`);
    return `${duration(this.atS)}, ${phase}. ${position(g) ?? t("play.position.none")}`;
  }

  /** The position with its doubt where it was known, a gap where it was not; and where it counted. */
  private course(played: Played) {
    const x = (tS: number): number => (WIDE * tS) / Math.max(played.duration_s, 1e-6);
    const y = (p: number): number => HIGH - 8 - (HIGH - 16) * Math.min(Math.max(p, 0), 1);
    const known = pieces(this.views);
    if (known.length === 0) return html`<p class="course fog">${t("play.position.never")}</p>`;
    return html`<svg class="course" viewBox="0 0 ${WIDE} ${HIGH}" preserveAspectRatio="none" aria-hidden="true">
      ${known.map((piece) => {
        const [from, to] = [piece[0]?.t_s ?? 0, piece.at(-1)?.t_s ?? 0];
        const [low, high, ceiling] = played.windows[piece[0]?.guidance?.side ?? "l"] ?? [null, null, null];
        return svg`${
          low === null || high === null
            ? nothing
            : svg`<rect class="window" x=${x(from)} width=${x(to) - x(from)} y=${y(high)} height=${y(low) - y(high)} />`
        }${ceiling === null ? nothing : svg`<line class="ceiling" x1=${x(from)} x2=${x(to)} y1=${y(ceiling)} y2=${y(ceiling)} />`}`;
      })}
      ${spans(this.views, (g) => g.phase === "hold").map(
        ([a, b]) => svg`<rect class="held" x=${x(a)} width=${Math.max(x(b) - x(a), 1)} y="0" height=${HIGH} />`,
      )}
      ${spans(this.views, (g) => g.in_window === true).map(
        ([a, b]) => svg`<rect class="inside" x=${x(a)} width=${Math.max(x(b) - x(a), 1)} y=${HIGH - 5} height="5" />`,
      )}
      ${known.map((piece) => {
        const edge = (sign: number) => piece.map((v) => `${x(v.t_s)},${y(mean(v) + sign * sd(v))}`);
        return svg`<polygon class="doubt" points=${[...edge(1), ...edge(-1).reverse()].join(" ")} />
          <polyline class="mean" points=${piece.map((v) => `${x(v.t_s)},${y(mean(v))}`).join(" ")} />`;
      })}
      <line class="here" x1=${x(this.atS)} x2=${x(this.atS)} y1="0" y2=${HIGH} />
    </svg>`;
  }

  private go(toS: number): void {
    this.atS = Math.min(Math.max(toS, 0), this.played?.duration_s ?? 0);
    if (this.played !== null && this.atS >= this.played.duration_s) this.turn(false);
  }

  /** To what was said before or after. */
  private leap(way: 1 | -1): void {
    const said = this.told.filter((d) => d.text !== null).map((d) => d.t_s);
    const to = way > 0 ? said.find((s) => s > this.atS + 0.05) : said.filter((s) => s < this.atS - 0.3).at(-1);
    this.go(to ?? (way > 0 ? (this.played?.duration_s ?? 0) : 0));
  }

  private faster(): void {
    this.speed = SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length] ?? 1;
  }

  private turn(plays = !this.plays): void {
    cancelAnimationFrame(this.frame);
    this.plays = plays;
    if (!plays) return;
    if (this.played !== null && this.atS >= this.played.duration_s) this.atS = 0;
    this.last = performance.now();
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const step = (now: number): void => {
      if (!calm || now - this.last >= CALM_EVERY_MS) {
        this.go(this.atS + (this.speed * (now - this.last)) / 1000);
        this.last = now;
      }
      if (this.plays) this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "k") this.turn();
    else if (event.key === ",") this.leap(-1);
    else if (event.key === ".") this.leap(1);
    else if (!(event.target instanceof HTMLInputElement)) return;
    else if (event.key === "ArrowLeft" || event.key === "ArrowDown") this.go(this.atS - STEP_S);
    else if (event.key === "ArrowRight" || event.key === "ArrowUp") this.go(this.atS + STEP_S);
    else if (event.key === "PageDown") this.go(this.atS - LEAP_S);
    else if (event.key === "PageUp") this.go(this.atS + LEAP_S);
    else return;
    event.preventDefault();
  };
}

function mean(view: View): number {
  return view.guidance?.gauge?.mean ?? NaN;
}

function sd(view: View): number {
  return view.guidance?.gauge?.sd ?? NaN;
}

/** Where the stretch was, in words; null where it was not known. */
function position(g: Guidance | null): string | null {
  if (g?.gauge == null || g.uncued) return null;
  const p = Math.round(g.gauge.mean * 100);
  return t(g.in_window === true ? "play.position.in" : "play.position", { p });
}

/** From when to when something held, of instants one after the other. */
export function spans(views: View[], holds: (g: Guidance) => boolean): [number, number][] {
  const found: [number, number][] = [];
  let from: number | null = null;
  let last = 0;
  for (const { t_s, guidance } of views) {
    const now = guidance !== null && holds(guidance);
    if (now) from ??= t_s;
    else if (from !== null) {
      found.push([from, last]);
      from = null;
    }
    last = t_s;
  }
  if (from !== null) found.push([from, last]);
  return found;
}

/** Instants with a known position, in pieces without a gap. */
export function pieces(views: View[]): View[][] {
  const found: View[][] = [];
  let open: View[] | null = null;
  for (const view of views) {
    if (view.guidance?.gauge == null) open = null;
    else if (open === null) found.push((open = [view]));
    else open.push(view);
  }
  return found.filter((piece) => piece.length > 1);
}
