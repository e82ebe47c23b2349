// The way to a ramp to tolerance, beside an exercise that may be ramped.
import { html, nothing } from "lit";
import type { Exercise } from "../api";
import { t } from "../texts";
import { named } from "../texts/said";

/** Which one is told by an event that rises from `host`. */
export function findFar(host: HTMLElement, exercise: Exercise | undefined) {
  if (!exercise?.ramps || exercise.refusal !== null) return nothing;
  const go = (): boolean => host.dispatchEvent(new CustomEvent<Exercise>("far", { detail: exercise, bubbles: true }));
  return html`<button class="link far" aria-label=${t("ramp.offer.of", { name: named(exercise.plain_name) })} @click=${go}>
    ${t("ramp.offer")}
  </button>`;
}
