// Brings readings to the computer that the QR code named, ten times a second, and says what came of it.
//
// While it is not heard they are kept, in order and with their own times: the phone goes on turning, and
// how it did is worth knowing once it is heard again. Then the clocks are compared first, since one that
// stood still in a dark pocket would date them wrongly, and what was kept goes out bundle by bundle.
import type { Reading } from "./reader";
import {
  fromBytes,
  type Heard,
  KEPT_S,
  MOST_KEPT,
  MOST_SAMPLES,
  MOTION_COLUMNS,
  type Paired,
  type ToComputer,
  toBytes,
} from "./wire";

const EVERY_MS = 100;
const WAITS_MS = 2000;
/** A request that was lost with the network does not hold up the first one that would be heard. */
const WAITS_UNHEARD_MS = 1000;
const GIVES_UP_MS = 90_000;
const CLOCKS_FIRST = 3;
const GONE = [403, 410];
/** Kept readings that come before the clocks were compared again: they stay kept. */
const NOT_YET = 425;

/** Seconds of this page's clock. */
export const pageSeconds = (): number => performance.now() / 1000;

/** The token for a code of the QR code; null where it is not good any more. */
export async function pair(code: string): Promise<string | null> {
  const answer = await post("/pair", { type: "pair", code });
  return answer.ok ? fromBytes<Paired>(await answer.arrayBuffer()).token : null;
}

function post(
  path: string,
  message: unknown,
  headers: Record<string, string> = {},
  waitsMs = WAITS_MS,
): Promise<Response> {
  return fetch(path, {
    method: "POST",
    headers: { "content-type": "application/msgpack", ...headers },
    body: toBytes(message),
    cache: "no-store",
    credentials: "omit",
    signal: AbortSignal.timeout(waitsMs),
  });
}

export interface Told {
  heard(heard: Heard): void;
  unheard(): void;
  over(): void;
}

type Motion = Extract<ToComputer, { type: "motion" }>;

export class Sender {
  private waiting: Reading[] = [];
  // Sent and not answered. It is sent again as it was, so that it is taken once, whichever way was lost.
  private underway: Motion | null = null;
  // Larger than any before, also after this page was loaded anew.
  private seq = Date.now();
  private last: [number, number, number] | null = null;
  private compared = 0;
  private busy = false;
  private ended = false;
  private heardMs = performance.now();
  private readonly beat: number;

  constructor(
    private readonly token: string,
    private readonly told: Told,
  ) {
    this.beat = window.setInterval(() => void this.send(), EVERY_MS);
  }

  bring(reading: Reading): void {
    this.waiting.push(reading);
    while (this.waiting.length > MOST_KEPT || reading.tS - this.waiting[0]!.tS > KEPT_S)
      this.waiting.shift();
  }

  async end(): Promise<void> {
    this.halt();
    await post("/bye", null, { "x-phone": this.token }).catch(() => undefined);
  }

  private async send(): Promise<void> {
    if (this.busy || this.ended) return;
    this.busy = true;
    const sentS = pageSeconds();
    const bundle: ToComputer[] = [{ type: "clock", sent_s: sentS, last: this.last }];
    this.last = null;
    if (this.compared >= CLOCKS_FIRST) {
      this.underway ??= this.next();
      if (this.underway !== null) bundle.push(this.underway);
    }
    const sent = bundle.length > 1;
    const waitsMs = this.compared < CLOCKS_FIRST ? WAITS_UNHEARD_MS : WAITS_MS;
    try {
      const answer = await post("/motion", bundle, { "x-phone": this.token }, waitsMs);
      const backS = pageSeconds();
      if (sent && answer.status !== NOT_YET) this.underway = null;
      if (answer.status === NOT_YET) this.compareAgain();
      if (GONE.includes(answer.status)) this.stop();
      if (answer.ok) this.take(fromBytes<Heard>(await answer.arrayBuffer()), backS);
    } catch {
      this.unheard();
    }
    this.busy = false;
    if (this.compared >= CLOCKS_FIRST && this.waiting.length > MOST_SAMPLES) void this.send();
  }

  private next(): Motion | null {
    const readings = this.waiting.splice(0, MOST_SAMPLES);
    if (readings.length === 0) return null;
    return { type: "motion", seq: ++this.seq, values: valuesOf(readings) };
  }

  private take(heard: Heard, backS: number): void {
    this.heardMs = performance.now();
    if (heard.clock !== null) {
      this.last = [heard.clock.sent_s, heard.clock.answered_s, backS];
      this.compared += 1;
    }
    this.told.heard(heard);
    if (heard.says === "over") this.stop();
  }

  private compareAgain(): void {
    this.compared = Math.min(this.compared, CLOCKS_FIRST - 1);
  }

  private unheard(): void {
    this.compareAgain();
    this.told.unheard();
    if (performance.now() - this.heardMs > GIVES_UP_MS) this.stop();
  }

  private stop(): void {
    this.halt();
    this.told.over();
  }

  /** What was kept is not sent any more either: who ends it means all of it. */
  private halt(): void {
    window.clearInterval(this.beat);
    this.ended = true;
    this.waiting = [];
    this.underway = null;
  }
}

function valuesOf(readings: Reading[]): Uint8Array {
  const rows = new Float64Array(readings.length * MOTION_COLUMNS);
  readings.forEach((r, i) => rows.set([r.tS, ...r.force, ...r.turn], i * MOTION_COLUMNS));
  return new Uint8Array(rows.buffer);
}
