// The column beside the picture while a session leads: the phase, one number, where in the window, and
// the breath.
import { html, nothing } from "lit";
import "../parts/breath";
import "../parts/gauge";
import "../parts/ring";
import { facing, type View } from "../placing";
import { language, t, waitingIn } from "../texts";
import type { Guidance, WindowEdges } from "../wire";

/** Phases in which one may turn round, and should know which side the camera wants. */
const TURNS = ["get_ready", "switch_side"];

/** Why the clock does not count now, in at most five words. */
export function why(g: Guidance, waiting: Record<string, string>): string {
  if (g.phase !== "hold") return "";
  const id = g.waiting_for[0];
  return id === undefined ? "" : (waiting[id] ?? "");
}

/** `held`: the person's own window where the exercise is held in one; null: it is not. */
export function leading(
  g: Guidance | null,
  waiting: Record<string, string>,
  view: View,
  held: { edges: WindowEdges | null } | null,
) {
  if (g === null) return nothing;
  const turn = view !== "front" && TURNS.includes(g.phase);
  return html`<p class="phase">
      ${t(`phase.${g.phase}`)}
      ${g.repetitions > 1 ? html`<small>${t("session.of", { a: g.repetition, b: g.repetitions })}</small>` : nothing}
    </p>
    ${turn ? html`<p class="turn">${t(`place.where.${facing(view, g.side)}`)}</p>` : nothing}
    ${counted(g, waiting)}
    ${
      held === null || g.uncued
        ? nothing
        : html`<lw-gauge .position=${g.gauge} .edges=${held.edges}></lw-gauge>`
    }
    ${g.breath ? html`<lw-breath .breath=${g.breath}></lw-breath>` : nothing}`;
}

/** A check counts nothing towards the dose, so it shows how long it lasts and no ring. */
function counted(g: Guidance, waiting: Record<string, string>) {
  if (g.uncued) return html`<p class="lasted">${Math.floor(g.phase_s)} s</p>`;
  return g.cycles === null ? ring(g, waiting) : movements(g, waiting);
}

function ring(g: Guidance, waiting: Record<string, string>) {
  return html`<lw-ring
    .effective=${g.effective_s}
    .uncertain=${g.uncertain_s}
    .target=${g.hold_target_s}
    .why=${why(g, waiting)}
  ></lw-ring>`;
}

function movements(g: Guidance, waiting: Record<string, string>) {
  const reason = why(g, waiting);
  return html`<figure class="movements">
    <strong class="number">${g.cycles}</strong>
    <figcaption lang=${reason ? waitingIn(reason) : language}>${reason || t("session.count")}</figcaption>
  </figure>`;
}
