// A stop that was said while nothing could hear it. It is remembered on this machine until the session
// is known to have kept it, also over a page that is closed: nobody is led on past a stop.
import { leaveThere, RefusedError } from "./api";

const KEPT = "unkept_stop";

interface Unkept {
  session_id: string;
  /** Said to the question how one is: the safety questions come next. */
  unwell: boolean;
}

export function remember(session_id: string, unwell: boolean): void {
  const stop: Unkept = { session_id, unwell: unwell || read()?.unwell === true };
  localStorage.setItem(KEPT, JSON.stringify(stop));
}

export function forget(session_id: string): void {
  if (read()?.session_id === session_id) localStorage.removeItem(KEPT);
}

/** What waits is kept now, before anything is asked of this machine. Throws where it cannot be. */
export async function keep(): Promise<void> {
  const stop = read();
  if (stop === null) return;
  try {
    await leaveThere(stop.session_id, stop.unwell);
  } catch (cause) {
    // A session that is not there needs no stop; anything else must not be forgotten.
    if (!(cause instanceof RefusedError && [404, 422].includes(cause.status))) throw cause;
  }
  forget(stop.session_id);
}

function read(): Unkept | null {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT) ?? "null") as Partial<Unkept> | null;
    return typeof found?.session_id === "string"
      ? { session_id: found.session_id, unwell: found.unwell === true }
      : null;
  } catch {
    return null;
  }
}
