// Stops that were said while nothing could hear them. They are remembered on this machine until their
// session is known to have kept them, also over a page that is closed: nobody is led on past a stop.
import { leaveThere, RefusedError } from "./api";

const KEPT = "unkept_stops";

/** Which sessions, and whether it was said to the question how one is: the safety questions come next. */
type Unkept = Record<string, boolean>;

export function remember(session_id: string, unwell: boolean): void {
  const stops = read();
  write({ ...stops, [session_id]: unwell || stops[session_id] === true });
}

export function forget(session_id: string): void {
  const { [session_id]: _, ...others } = read();
  write(others);
}

/** What waits is kept now, before anything is asked of this machine. Throws where it cannot be. */
export async function keep(): Promise<void> {
  for (const [session_id, unwell] of Object.entries(read())) {
    try {
      await leaveThere(session_id, unwell);
    } catch (cause) {
      // Another person may use this page, whose session it is not: it waits for its own.
      if (cause instanceof RefusedError && cause.status === 404) continue;
      if (!(cause instanceof RefusedError && cause.status === 422)) throw cause;
    }
    forget(session_id);
  }
}

function read(): Unkept {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    if (typeof found !== "object" || found === null) return {};
    return Object.fromEntries(Object.entries(found).map(([id, unwell]) => [id, unwell === true]));
  } catch {
    return {};
  }
}

function write(stops: Unkept): void {
  if (Object.keys(stops).length === 0) localStorage.removeItem(KEPT);
  else localStorage.setItem(KEPT, JSON.stringify(stops));
}
