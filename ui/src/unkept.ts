// Stops that were said while nothing could hear them. They are remembered on this machine until their
// session is known to have kept them, also over a page that is closed: nobody is led on past a stop.
import { leaveThere, RefusedError, unfinished } from "./api";
import { keep as keepHere, kept as keptHere, read as readHere } from "./kept";

const KEPT = "unkept_stops";
const OPENING = "opening ";
/** Between a stop and the beginning that it was said in, by the clock of this machine. */
const OPENS_WITHIN_MS = 300_000;

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

/** A stop while a session is being opened, whose id is not known yet. */
export function rememberOpening(): void {
  write({ ...read(), [OPENING + Date.now()]: false });
}

/** It was opened, or is known not to be (null): from now on a stop is of that session. */
export function openedAs(session_id: string | null): void {
  const stops = Object.entries(read());
  const others = Object.fromEntries(stops.filter(([id]) => !id.startsWith(OPENING)));
  write(others);
  if (session_id !== null && Object.keys(others).length < stops.length) remember(session_id, false);
}

/** What waits is kept now, before anything is asked of this machine. Throws where it cannot be. */
export async function keep(): Promise<void> {
  await keepOpening();
  for (const [session_id, unwell] of Object.entries(read())) {
    try {
      await leaveThere(session_id, unwell, true);
    } catch (cause) {
      // Another person may use this page, whose session it is not: it waits for its own.
      if (cause instanceof RefusedError && cause.status === 404) continue;
      if (!(cause instanceof RefusedError && cause.status === 422)) throw cause;
    }
    forget(session_id);
  }
}

/** The page was closed before it knew what it had opened: whatever was begun about then is meant. */
async function keepOpening(): Promise<void> {
  const said = Object.keys(read()).filter((id) => id.startsWith(OPENING));
  if (said.length === 0) return;
  const begun = (await unfinished()).map((s) => s.session_id);
  for (const each of said) {
    const at = Number(each.slice(OPENING.length));
    for (const id of begun) if (Math.abs(begunAt(id) - at) < OPENS_WITHIN_MS) remember(id, false);
    forget(each);
  }
}

/** A session's id begins with when it did, in UTC: 20260131T081500Z-…; ms. */
function begunAt(session_id: string): number {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(session_id) ?? [];
  return Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s));
}

function read(): Unkept {
  const found = readHere(keptHere(KEPT));
  if (typeof found !== "object" || found === null) return {};
  return Object.fromEntries(Object.entries(found).map(([id, unwell]) => [id, unwell === true]));
}

function write(stops: Unkept): void {
  keepHere(KEPT, Object.keys(stops).length === 0 ? null : JSON.stringify(stops));
}
