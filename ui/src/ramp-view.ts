// How a ramp to tolerance stands, for whatever shows it.
import type { RampView } from "./wire";

/** Whether what stands on the screen is of a ramp: of holds that follow it there is none. */
export function shows(ramp: RampView | null | undefined): ramp is RampView {
  return ramp != null;
}

/** The word that is meant now; null: nothing is pulled. */
export function framed(ramp: RampView): "first_resistance" | "tolerance" | null {
  if (ramp.part === "pulling") return "first_resistance";
  return ramp.part === "stepping" || ramp.part === "waiting" ? "tolerance" : null;
}
