// Brings readings to the computer that the QR code named, ten times a second, and says what came of it.
import type { Reading } from "./reader";
import {
  fromBytes,
  type Heard,
  MOST_SAMPLES,
  MOTION_COLUMNS,
  type Paired,
  type ToComputer,
  toBytes,
} from "./wire";

const EVERY_MS = 100;
const WAITS_MS = 2000;
const GIVES_UP_MS = 90_000;
const CLOCKS_FIRST = 3;
const GONE = [403, 410];

/** Seconds of this page's clock. */
export const pageSeconds = (): number => performance.now() / 1000;

/** The token for a code of the QR code; null where it is not good any more. */
export async function pair(code: string): Promise<string | null> {
  const answer = await post("/pair", { type: "pair", code });
  return answer.ok ? fromBytes<Paired>(await answer.arrayBuffer()).token : null;
}

function post(path: string, message: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(path, {
    method: "POST",
    headers: { "content-type": "application/msgpack", ...headers },
    body: toBytes(message),
    cache: "no-store",
    credentials: "omit",
    signal: AbortSignal.timeout(WAITS_MS),
  });
}

export interface Told {
  heard(heard: Heard): void;
  unheard(): void;
  over(): void;
}

export class Sender {
  private waiting: Reading[] = [];
  // Larger than any before, also after this page was loaded anew.
  private seq = Date.now();
  private last: [number, number, number] | null = null;
  private compared = 0;
  private busy = false;
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
    if (this.waiting.length > MOST_SAMPLES) this.waiting.shift();
  }

  async end(): Promise<void> {
    window.clearInterval(this.beat);
    await post("/bye", null, { "x-phone": this.token }).catch(() => undefined);
  }

  private async send(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const sentS = pageSeconds();
    const bundle: ToComputer[] = [{ type: "clock", sent_s: sentS, last: this.last }];
    this.last = null;
    if (this.compared >= CLOCKS_FIRST && this.waiting.length > 0) {
      bundle.push({ type: "motion", seq: ++this.seq, values: valuesOf(this.waiting) });
      this.waiting = [];
    }
    try {
      const answer = await post("/motion", bundle, { "x-phone": this.token });
      const backS = pageSeconds();
      if (GONE.includes(answer.status)) this.stop();
      if (answer.ok) this.take(fromBytes<Heard>(await answer.arrayBuffer()), backS);
    } catch {
      this.unheard();
    }
    this.busy = false;
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

  private unheard(): void {
    this.told.unheard();
    if (performance.now() - this.heardMs > GIVES_UP_MS) this.stop();
  }

  private stop(): void {
    window.clearInterval(this.beat);
    this.told.over();
  }
}

function valuesOf(readings: Reading[]): Uint8Array {
  const rows = new Float64Array(readings.length * MOTION_COLUMNS);
  readings.forEach((r, i) => rows.set([r.tS, ...r.force, ...r.turn], i * MOTION_COLUMNS));
  return new Uint8Array(rows.buffer);
}
