// What came of a ramp to tolerance, after its session.
import { html, nothing } from "lit";
import { type Key, language, t } from "../texts";
import { named } from "../texts/said";

export interface RampEnded {
  /** 0: none was begun. */
  number: number;
  why: string;
}

export interface Length {
  mm: number;
  sd_mm: number;
}

/** `first`, `enough` are those that are kept; `between` the way from one to the other. */
export interface RampFound {
  place: string;
  ended: RampEnded[];
  kept: boolean;
  first: Length | null;
  enough: Length | null;
  between: Length | null;
  begun: number;
  harmed: boolean;
}

/** So many sd apart they can be told from one another. */
const SURELY = 2;

/** Of a small length its tenths matter. */
const rounded = (mm: number): string => mm.toLocaleString(language, { maximumFractionDigits: mm < 10 ? 1 : 0 });

function length(key: Key, found: Length | null) {
  return found === null ? nothing : html`<li>${t(key, { mm: rounded(found.mm), sd: rounded(found.sd_mm) })}</li>`;
}

export function rampFound(found: RampFound | null | undefined) {
  if (!found) return nothing;
  return html`<div class="found" data-kept=${found.kept}>
    <h3>${t("ramp.found")}</h3>
    <p><strong>${t(found.kept ? "ramp.found.kept" : "ramp.found.none")}</strong></p>
    ${found.kept ? nothing : html`<ul class="facts-list">${found.ended.map(ended)}</ul>`}
    ${found.kept ? kept(found) : notKept(found)}
  </div>`;
}

function ended({ number, why }: RampEnded) {
  return html`<li>${t(`ramp.time.${Math.min(number, 2)}` as Key)}: ${t(why.replace("ramp.", "ramp.end.") as Key)}</li>`;
}

function kept(found: RampFound) {
  const apart = (found.between?.mm ?? 0) > 0;
  const surely = apart && found.between !== null && found.between.mm > SURELY * found.between.sd_mm;
  return html`<ul class="facts-list">
      ${length("ramp.found.first", found.first)} ${length("ramp.found.enough", found.enough)} ${apart ? length("ramp.found.between", found.between) : nothing}
    </ul>
    <p class="quiet">${t("ramp.found.length", { place: named(found.place) })}</p>
    ${apart ? html`<p>${t(surely ? "ramp.found.window" : "ramp.found.narrow")}</p>` : nothing}`;
}

function notKept(found: RampFound) {
  if (found.harmed) return html`<p>${t("ramp.found.harm")}</p>`;
  const once = found.begun === 1 && found.ended.some((e) => ["ramp.tolerance", "ramp.joint_end"].includes(e.why));
  return html`${once ? html`<p>${t("ramp.found.one")}</p>` : nothing}
    ${found.first === null ? nothing : html`<p>${t("ramp.found.pulled")}</p>`}
    ${found.begun > 0 ? html`<p class="quiet">${t("ramp.found.again")}</p>` : nothing}`;
}
