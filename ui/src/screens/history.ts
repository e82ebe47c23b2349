// History: range over the sessions, minutes that count, pain; and everything that is kept, to open, to
// take along or to delete.
import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { deleteEverything, deleteSession, type Past, RefusedError, type Relaxed } from "../api";
import { keep } from "../kept";
import "../lock";
import "../parts/report";
import { angles, bands, bars, type Line, pairs, percents, weekly } from "../parts/plots";
import { duration, language, moment, t, tn } from "../texts";
import { named } from "../texts/said";

@customElement("lw-history")
export class History extends LitElement {
  @property({ attribute: false }) past: Past[] = [];
  @state() private asked = "";
  /** The session that is looked at again. */
  @state() private watched = "";
  @state() private said = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("resize", this.resized);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("resize", this.resized);
  }

  private readonly resized = (): void => this.requestUpdate();

  protected override render() {
    return html`<section class="history">
      <h1>${t("history.title")}</h1>
      ${
        this.past.length === 0
          ? html`<p class="lead">${t("history.empty")}</p><p class="quiet">${t("history.empty.more")}</p>`
          : html`${this.plots()} ${this.list()}`
      }
      ${this.yours()}
      ${this.said ? html`<p class="note" role="alert">${this.said}</p>` : nothing}
    </section>`;
  }

  private plots() {
    const told = this.past.filter((p) => p.pain_before !== null || p.pain_after !== null);
    const lines = linesOf(this.past);
    const weeks = weekly(this.past, new Date());
    return html`<div class="plots">
      <figure>
        <figcaption>${t("history.range")}</figcaption>
        ${
          lines.length === 0
            ? html`<p class="fog">${t("history.range.none")}</p>`
            : html`${bands(lines, t("history.range"))}<p class="quiet">${t("history.range.note")}</p>`
        }
      </figure>
      <figure>
        <figcaption>${t("history.minutes")}</figcaption>
        ${
          weeks.every((w) => w.minutes + w.hollow === 0)
            ? html`<p class="fog">${t(this.past.some((p) => (p.effective_s ?? 0) + (p.uncertain_s ?? 0) > 0) ? "history.minutes.lately" : "history.minutes.none")}</p>`
            : html`${bars(weeks, t("history.minutes"))}<p class="quiet">${t("history.minutes.note")}</p>`
        }
      </figure>
      ${this.pulls()} ${this.relaxed()} ${this.movement()}
      <figure>
        <figcaption>${t("history.pain")}</figcaption>
        ${
          told.length === 0
            ? html`<p class="fog">${t("history.pain.none")}</p>`
            : html`${pairs(
                told.map((p) => ({ at: p.started_utc, before: p.pain_before, after: p.pain_after })),
                t("history.pain"),
              )}
                <p class="quiet">${t("history.pain.note")}</p>`
        }
      </figure>
    </div>`;
  }

  /** What a gauge or band told, where one ever did. */
  private pulls() {
    const lines = pullsOf(this.past);
    if (lines.length === 0) return nothing;
    return html`<figure class="pulled">
      <figcaption>${t("history.pulled")}</figcaption>
      ${bands(lines, t("history.pulled"), angles(lines))}
      <p class="quiet">${t("history.pulled.note")}</p>
    </figure>`;
  }

  /** How much of a measured pull goes in a hold; of a camera alone nothing is known, and that is said. */
  private relaxed() {
    const lines = relaxedOf(this.past);
    return html`<figure class="relaxed">
      <figcaption>${t("history.relaxed")}</figcaption>
      ${
        lines.length === 0
          ? html`<p class="fog">${t("history.relaxed.none")}</p>`
          : html`${bands(lines, t("history.relaxed"), percents(lines))}
              ${changesOf(this.past).map((said) => html`<p>${said}</p>`)}
              <p class="quiet">${t("history.relaxed.note")}</p>`
      }
    </figure>`;
  }

  /** The person's own movement over the sessions, where it was ever told. */
  private movement() {
    const told = this.past.filter((p) => p.movement_before !== null || p.movement_after !== null);
    if (told.length === 0) return nothing;
    return html`<figure class="own-movement">
      <figcaption>${t("history.movement")}</figcaption>
      ${pairs(
        told.map((p) => ({ at: p.started_utc, before: p.movement_before, after: p.movement_after })),
        t("history.movement"),
      )}
      <p class="quiet">${t("history.movement.note")}</p>
    </figure>`;
  }

  private list() {
    return html`<h2>${t("history.sessions")}</h2>
      <ul class="sessions">
        ${[...this.past].reverse().map((p) => this.row(p))}
      </ul>`;
  }

  private row(p: Past) {
    const when = moment(p.started_utc);
    const what = named(p.plain_name ?? "");
    const untold = p.pain_before === null && p.pain_after === null;
    const pain = untold ? ["–"] : [p.pain_before, p.pain_after].map((n) => (n === null ? "–" : String(n)));
    return html`<li data-session=${p.session_id}>
      <span class="what"
        ><strong>${what}</strong>
        <small>${when}${p.complete ? "" : ` · ${t("history.cut")}`}</small></span
      >
      <span class="figure"
        ><small>${t("history.counts")}</small>${p.effective_s === null ? "–" : duration(p.effective_s)}</span
      >
      <span class="figure"
        ><small>${t("history.held")}</small>${p.effective_s === null ? "–" : duration(p.effective_s + (p.uncertain_s ?? 0))}</span
      >
      <span class="figure"><small>${t("history.back")}</small>${pain.join(" → ")}</span>
      <span class="does">
        ${
          this.asked === p.session_id
            ? html`<span role="alert">${t("history.delete.sure")}</span>
                <button class="warm" @click=${() => this.attempt(() => deleteSession(p.session_id))}>
                  ${t("history.delete.yes")}
                </button>
                <button @click=${() => (this.asked = "")}>${t("history.keep")}</button>`
            : html`<lw-report slim .past=${p}></lw-report>
                <button
                  aria-expanded=${this.watched === p.session_id}
                  aria-label=${this.watched === p.session_id ? nothing : t("play.open.what", { what: `${what}, ${when}` })}
                  @click=${() => this.watch(p.session_id)}
                >
                  ${t(this.watched === p.session_id ? "play.close" : "play.open")}
                </button><button
                  aria-label=${t("history.delete.what", { what, when })}
                  @click=${() => (this.asked = p.session_id)}
                >
                  ${t("history.delete")}
                </button>`
        }
      </span>
      ${this.watched === p.session_id ? html`<lw-playback .session=${p.session_id}></lw-playback>` : nothing}
    </li>`;
  }

  private async watch(session: string): Promise<void> {
    await import("../parts/playback");
    this.watched = this.watched === session ? "" : session;
  }

  private yours() {
    return html`<section class="yours" aria-labelledby="yours">
      <h2 id="yours">${t("history.yours")}</h2>
      <p class="quiet">${this.past.length === 0 ? t("history.yours.none") : tn("history.yours.what", this.past.length)}</p>
      <div class="begin">
        <a class="button" href="/api/data/export" download>${t("history.export")}</a>
        ${
          this.asked === "all"
            ? html`<span role="alert">${t("history.deleteAll.sure")}</span>
                <button class="warm" @click=${() => this.attempt(() => this.forget())}>
                  ${t("history.deleteAll.yes")}
                </button>
                <button @click=${() => (this.asked = "")}>${t("history.keep")}</button>`
            : html`<button @click=${() => (this.asked = "all")}>${t("history.deleteAll")}</button>`
        }
      </div>
      <lw-lock always @closed=${() => this.dispatchEvent(new CustomEvent("locked"))}></lw-lock>
    </section>`;
  }

  private async forget(): Promise<void> {
    const { answers_stay } = await deleteEverything();
    keep("queue", null);
    this.said = answers_stay ? t("history.stays") : "";
  }

  private async attempt(what: () => Promise<unknown>): Promise<void> {
    try {
      await what();
      this.asked = "";
      this.dispatchEvent(new CustomEvent("changed"));
    } catch (cause) {
      this.said = cause instanceof RefusedError ? cause.message : String(cause);
    }
  }
}

/** A line for each result that days have in common; what cannot be compared stands apart, and says of which exercise. */
export function pullsOf(past: Past[]): Line[] {
  const lines = new Map<string, Line & { of: string }>();
  for (const p of past)
    for (const r of p.pulled) {
      const joint = named(r.name);
      const name = r.standard_nm === null
        ? t("history.pulled.borne", { joint })
        : t("history.pulled.standard", { joint, nm: Math.round(r.standard_nm) });
      const line = lines.get(r.alike) ?? { name, points: [], of: named(p.plain_name ?? "") };
      line.points.push({ at: p.started_utc, value: r.angle_deg, sd: r.sd_deg });
      lines.set(r.alike, line);
    }
  return apart([...lines.values()]);
}

/** A line for each row of alike holds: one exercise, joint, side, angle, pull and length. In percent of the pull. */
export function relaxedOf(past: Past[]): Line[] {
  const lines = new Map<string, Line & { of: string }>();
  for (const p of past)
    for (const r of p.relaxed) {
      const line = lines.get(r.alike) ?? { name: held(r), points: [], of: named(p.plain_name ?? "") };
      line.points.push({ at: p.started_utc, value: 100 * r.loss_ratio, sd: 100 * r.sd });
      lines.set(r.alike, line);
    }
  return apart([...lines.values()]);
}

/** The most points first; what is called alike says of which exercise it is. */
function apart(lines: (Line & { of: string })[]): Line[] {
  const found = lines.sort((a, b) => b.points.length - a.points.length);
  const twice = (name: string): boolean => found.filter((l) => l.name === name).length > 1;
  return found.map(({ name, points, of }) => ({ name: twice(name) ? `${name}, ${of}` : name, points }));
}

/** What the weeks changed, of each line that has enough of them: as surely none of chance, or not. */
export function changesOf(past: Past[]): string[] {
  return past.flatMap((p) =>
    p.relaxed.flatMap((r) => {
      if (r.per_week === null || r.per_week_sd === null) return [];
      const what = `${held(r)}, ${named(p.plain_name ?? "")}`;
      const by = { what, by: percent(Math.abs(r.per_week)), within: percent(1.96 * r.per_week_sd) };
      if (!r.surely) return [t("history.relaxed.same", { ...by, by: percent(r.per_week).replace("-", "−") })];
      return [t(r.per_week > 0 ? "history.relaxed.more" : "history.relaxed.less", by)];
    }),
  );
}

const percent = (ratio: number): string =>
  (100 * ratio).toLocaleString(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

const held = (r: Relaxed): string =>
  t("history.relaxed.held", { joint: named(r.name), deg: Math.round(r.angle_deg) });

/** A line for each muscle, those of the most sessions first. */
export function linesOf(past: Past[]): Line[] {
  const lines = new Map<string, Line>();
  for (const p of past)
    for (const r of p.reached) {
      const line = lines.get(r.name) ?? { name: named(r.name), points: [] };
      line.points.push({ at: p.started_utc, value: r.ratio, sd: r.sd });
      lines.set(r.name, line);
    }
  return [...lines.values()].sort((a, b) => b.points.length - a.points.length);
}
