// Plots as SVG: thin lines, each named where it ends, bands for what is unsure, nothing where nothing
// is known. Numbers in, paths out; the table of sessions holds the same figures as text.
import { html, svg, type TemplateResult } from "lit";
import { day, language, t } from "../texts";

const HEIGHT = 220;
const LEFT = 40;
const BESIDE = 150; // for names at the ends of lines
const NARROW_PX = 720;
const TOP = 12;
const BOTTOM = 26;
const LINES = 5; // more than this are no longer told apart
const MARK = ["●", "○", "●", "○", "●"];

const tenths = (n: number): string => n.toLocaleString(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

export interface Point {
  at: string;
  value: number;
  sd: number;
}

export interface Line {
  name: string;
  points: Point[];
}

/** From where to where the values of a plot go, and how one is said. */
export interface Axis {
  low: number;
  high: number;
  marks: [number, string][];
  say: (value: number) => string;
}

const RATIO: Axis = {
  low: 0,
  high: 1,
  marks: [[0, "0"], [0.5, "50"], [1, "100 %"]],
  say: (value) => `${Math.round(100 * value)} %`,
};

/** Whole tens of degrees around all that is shown, with its doubt. */
export const angles = (lines: Line[]): Axis => tens(lines, "°");

/** Whole tens of percent around all that is shown, with its doubt; `value` in percent. */
export const percents = (lines: Line[]): Axis => tens(lines, " %");

function tens(lines: Line[], unit: string): Axis {
  const shown = lines.slice(0, LINES);
  const all = shown.flatMap((l) => l.points.flatMap((p) => [p.value - p.sd, p.value + p.sd]));
  const low = 10 * Math.floor(Math.min(...all) / 10);
  const high = Math.max(10 * Math.ceil(Math.max(...all) / 10), low + 10);
  const say = (value: number): string => `${Math.round(value)}${unit}`;
  return { low, high, say, marks: [low, (low + high) / 2, high].map((v) => [v, say(v)]) };
}

export interface Pair {
  at: string;
  before: number | null;
  after: number | null;
}

/** A phone shows the same letters in half the width; names stand above the lines there. */
const narrow = (): boolean => window.innerWidth < NARROW_PX;
const width = (): number => (narrow() ? 360 : 640);
const right = (): number => (narrow() ? 16 : BESIDE);
const share = (of: number): number => TOP + (1 - of) * (HEIGHT - TOP - BOTTOM);

function grid(labels: [number, string][]) {
  return labels.map(
    ([of, label]) => svg`<line class="grid" x1=${LEFT} x2=${width()} y1=${share(of)} y2=${share(of)} />
      <text class="axis" x=${LEFT - 6} y=${share(of) + 4} text-anchor="end">${label}</text>`,
  );
}

function frame(said: string, inner: unknown, high = HEIGHT): TemplateResult {
  return html`<svg class="plot" viewBox="0 0 ${width()} ${high}" role="img" aria-label=${said}>
    ${inner}
  </svg>`;
}

/** Which days stand along the bottom: no more than fit, each once. */
export function dated(at: string[], most: number): (string | null)[] {
  const every = Math.max(1, Math.ceil(at.length / most));
  let last = "";
  return at.map((utc, i) => {
    if (i % every !== 0 || day(utc) === last) return null;
    last = day(utc);
    return last;
  });
}

function days(at: string[], x: (i: number) => number) {
  return dated(at, narrow() ? 4 : 7).map((name, i) =>
    name === null
      ? svg``
      : svg`<text class="axis" x=${x(i)} y=${HEIGHT - 8} text-anchor="middle">${name}</text>`,
  );
}

/** Values with a band of one sd, over the sessions in their order. */
export function bands(lines: Line[], said: string, axis: Axis = RATIO): TemplateResult {
  const y = (value: number): number => share((Math.min(Math.max(value, axis.low), axis.high) - axis.low) / (axis.high - axis.low));
  const shown = lines.slice(0, LINES);
  const at = [...new Set(shown.flatMap((l) => l.points.map((p) => p.at)))].sort();
  const room = width() - LEFT - right() - 20;
  const x = (i: number): number => LEFT + 10 + (at.length > 1 ? (i / (at.length - 1)) * room : room / 2);
  const named = spread(shown.map((l) => y(l.points[l.points.length - 1]?.value ?? axis.low)));
  return frame(
    said,
    svg`${grid(axis.marks.map(([v, label]) => [(v - axis.low) / (axis.high - axis.low), label]))} ${days(at, x)}
    ${shown.map((line, n) => {
      const place = (p: Point): number => x(at.indexOf(p.at));
      const up = line.points.map((p) => `${place(p)},${y(p.value + p.sd)}`);
      const down = line.points.map((p) => `${place(p)},${y(p.value - p.sd)}`).reverse();
      const last = line.points[line.points.length - 1];
      return svg`<g class="line n${n}">
        <polygon class="band" points=${[...up, ...down].join(" ")} />
        <polyline points=${line.points.map((p) => `${place(p)},${y(p.value)}`).join(" ")} />
        ${line.points.map(
          (p) => svg`<line class="whisker" x1=${place(p)} x2=${place(p)}
            y1=${y(p.value + p.sd)} y2=${y(p.value - p.sd)} />
            <circle cx=${place(p)} cy=${y(p.value)} r="4"><title>${t("plot.session", {
              day: day(p.at),
              p: axis.say(p.value),
            })}</title></circle>`,
        )}
        ${
          last
            ? narrow()
              ? svg`<text class="name" x=${place(last) + 6} y=${TOP + 14 + 16 * n} text-anchor="end">
                  ${MARK[n]} ${line.name}</text>`
              : svg`<text class="name" x=${place(last) + 12} y=${(named[n] ?? 0) + 4}>${line.name}</text>`
            : svg``
        }
      </g>`;
    })}`,
  );
}

/** Names that would lie over each other move apart. */
function spread(ys: number[]): number[] {
  const order = ys.map((_, i) => i).sort((a, b) => (ys[a] ?? 0) - (ys[b] ?? 0));
  const out = [...ys];
  for (let k = 1; k < order.length; k += 1) {
    const [above, here] = [order[k - 1] ?? 0, order[k] ?? 0];
    out[here] = Math.max(out[here] ?? 0, (out[above] ?? 0) + 16);
  }
  return out;
}

export interface Week {
  monday: string;
  /** Of seconds that count. */
  minutes: number;
  /** Held, where nothing could tell whether it counts. */
  hollow: number;
}

/** One bar a week, weeks without any left empty; what is hollow stands on what counts. */
export function bars(weeks: Week[], said: string): TemplateResult {
  const most = Math.max(5, ...weeks.map((w) => w.minutes + w.hollow));
  const room = width() - LEFT - 10;
  const each = room / Math.max(weeks.length, 4);
  const wide = Math.min(each * 0.6, 48);
  const x = (i: number): number => LEFT + 10 + (i + 0.5) * each;
  const amount = (minutes: number): string => (minutes < 10 ? tenths(minutes) : `${Math.round(minutes)}`);
  const bar = (kind: string, i: number, from: number, minutes: number) => {
    const high = share(from / most) - share((from + minutes) / most);
    const least = minutes > 0 ? Math.max(high, 2) : 0;
    return svg`<rect class=${kind} x=${x(i) - wide / 2} width=${wide} y=${share(from / most) - least} height=${least} rx="3" />`;
  };
  return frame(
    said,
    svg`${grid([[0, "0"], [1, `${Math.round(most)}`]])} ${days(weeks.map((w) => w.monday), x)}
    ${weeks.map(
      (w, i) => svg`<g>
        <title>${t("plot.week", { day: day(w.monday), n: tenths(w.minutes), hollow: tenths(w.hollow) })}</title>
        ${bar("bar", i, 0, w.minutes)} ${bar("bar hollow", i, w.minutes, w.hollow)}
        ${
          w.minutes + w.hollow > 0
            ? svg`<text class="value" x=${x(i)} y=${share((w.minutes + w.hollow) / most) - 4} text-anchor="middle">${amount(w.minutes + w.hollow)}</text>`
            : svg``
        }
      </g>`,
    )}`,
  );
}

/** Before and after of each session, joined by a line. */
export function pairs(told: Pair[], said: string): TemplateResult {
  const room = width() - LEFT - 30;
  const x = (i: number): number => LEFT + 20 + (told.length > 1 ? (i / (told.length - 1)) * room : room / 2);
  return frame(
    said,
    svg`${grid([[0, "0"], [0.5, "5"], [1, "10"]])} ${days(told.map((p) => p.at), x)}
    ${told.map((p, i) => {
      const [b, a] = [p.before, p.after].map((v) => (v === null ? null : share(v / 10)));
      return svg`<g class="pair">
        ${b != null && a != null ? svg`<line x1=${x(i)} x2=${x(i)} y1=${b} y2=${a} />` : svg``}
        ${b == null ? svg`` : svg`<circle class="before" cx=${x(i)} cy=${b} r="6"><title>${t("plot.before")} ${p.before}</title></circle>`}
        ${a == null ? svg`` : svg`<circle class="after" cx=${x(i)} cy=${a} r="4"><title>${t("plot.after")} ${p.after}</title></circle>`}
      </g>`;
    })}`,
  );
}

/** Mondays from the first session's week to now, with the minutes that count in each, and the hollow ones. */
export function weekly(
  sessions: { started_utc: string; effective_s: number | null; uncertain_s: number | null }[],
  now: Date,
): Week[] {
  const monday = (of: Date): Date => {
    const at = new Date(of.getFullYear(), of.getMonth(), of.getDate());
    at.setDate(at.getDate() - ((at.getDay() + 6) % 7));
    return at;
  };
  const first = sessions[0];
  if (first === undefined) return [];
  const weeks: Week[] = [];
  const at = monday(new Date(first.started_utc));
  const last = monday(now).getTime();
  while (at.getTime() <= last) {
    const begin = at.getTime();
    at.setDate(at.getDate() + 7); // by days: a week in which clocks are changed has another length
    const of = sessions.filter((s) => {
      const when = new Date(s.started_utc).getTime();
      return when >= begin && when < at.getTime();
    });
    const minutes = (each: (s: (typeof of)[number]) => number | null): number =>
      of.reduce((sum, s) => sum + (each(s) ?? 0), 0) / 60;
    weeks.push({
      monday: new Date(begin).toISOString(),
      minutes: minutes((s) => s.effective_s),
      hollow: minutes((s) => s.uncertain_s),
    });
  }
  return weeks.slice(-12);
}
