// How a ramp to tolerance stands, for whatever shows it.
import type { Phase, RampView } from "./wire";

/** Whether what stands on the screen is of a ramp: once it is over holds may follow. */
export function shows(ramp: RampView | null | undefined, phase: Phase): ramp is RampView {
  return ramp != null && (ramp.part !== "over" || phase === "release");
}

/** The word that is meant now; null: nothing is pulled. */
export function framed(ramp: RampView): "first_resistance" | "tolerance" | null {
  if (ramp.part === "pulling") return "first_resistance";
  return ramp.part === "stepping" || ramp.part === "waiting" ? "tolerance" : null;
}
