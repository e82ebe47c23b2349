// A ramp to tolerance in a session: how it stands, and the two words that lead it. The coach's own words
// stand in the cue as ever.
import { html, nothing } from "lit";
import { framed } from "../ramp-view";
import { duration, t } from "../texts";
import type { Guidance, RampView, WordKind } from "../wire";
import { button, type Say, stop, symptoms } from "./hands";

const WORDS = { first_resistance: ["ramp.pull", "f"], tolerance: ["ramp.enough", "t"] } as const;
const LED = ["ready", "pulling", "stepping", "waiting"];

/** The column beside the picture: which of both, and what is to be done now. */
export function stands(ramp: RampView, g: Guidance) {
  const paused = g.phase === "paused";
  return html`<div class="ramping" data-part=${ramp.part}>
    <p class="phase">${t("ramp.of", { a: ramp.number, b: ramp.of })}</p>
    <p class="part">${t(paused ? "phase.paused" : (`ramp.part.${ramp.part}` as const))}</p>
    ${paused ? nothing : left(ramp)}
  </div>`;
}

/** What is left of what is waited for, where it is known. */
function left({ warm_s, warm_needed_s, rest_s }: RampView) {
  if (warm_s !== null && warm_needed_s !== null)
    return html`<p class="how-warm">${t("ramp.warm.how")}</p>
      <progress max=${warm_needed_s} value=${warm_s} aria-label=${t("ramp.part.warming")}></progress>
      <p class="left">${t("ramp.warm.left", { left: duration(Math.ceil(warm_needed_s - warm_s)) })}</p>`;
  return rest_s === null ? nothing : html`<p class="left number">${t("ramp.rest.left", { n: Math.ceil(rest_s) })}</p>`;
}

/** Its two words first, then Stop; what means nothing in a ramp is not there. They stay in their places
 * from the moment one gets ready, so that they are found without looking. */
export function rampWords(say: Say, ramp: RampView, paused: boolean) {
  const meant = framed(ramp);
  const word = (kind: keyof typeof WORDS) => {
    const [text, key] = WORDS[kind];
    return html`<button data-word=${kind} class=${kind === meant ? "meant" : ""} ?disabled=${meant === null} @click=${() => say(kind)}>
      ${t(text)} <kbd>${key}</kbd>
    </button>`;
  };
  return html`${
      LED.includes(ramp.part) && !paused
        ? html`<div class="ramp-words">${word("first_resistance")} ${word("tolerance")}</div>`
        : nothing
    }
    ${stop(say)}
    <div class="controls">
      ${paused ? button(say, "resume", t("session.resume"), "r", "main") : meant === null ? button(say, "pause", t("session.pause"), "p") : nothing}
      <button @click=${() => say("postpone" satisfies WordKind)}>${t("ramp.leave")}</button>
    </div>
    ${symptoms(say)}`;
}
