// The stream of one session: keeps the clocks compared, shows the newest view, loses no decision, and
// comes back by itself when it was cut off for a moment.
import { bandTold } from "./parts/band";
import type { Refusal } from "./texts";
import {
  type Decision,
  type FromSession,
  fromBytes,
  type ToSession,
  toBytes,
  type View,
  WIRE_VERSION,
  type WindowEdges,
  windowEdges,
  type WordKind,
} from "./wire";

const CLOCKS_AT_FIRST = 5;
const CLOCK_EVERY_MS = 2000;
const BACK_AFTER_MS = [200, 500, 1000, 2000, 3000, 5000];
const WAITS_S = 120; // until the session has said how long it waits for this page
const LONGER_S = 10; // the session may learn later than this page that the line is gone
const UNANSWERED = 3; // so many times without an answer, and the line is gone though it seems open
const NOT_LET_IN = 1008;
const KEPT_WITHIN_MS = 2500;
const OVER = ["done", "stopped"];

export interface Listener {
  view(view: View): void;
  /** The person's own windows, whenever they change. */
  windows(edges: WindowEdges[]): void;
  told(decision: Decision): void;
  /** Whether the session hears this page now. */
  heard(connected: boolean): void;
  /** It hears it again, and rests until the person says that it goes on. */
  resumed(): void;
  /** `why`: one clear line where it could not go on. */
  over(complete: boolean, why: Refusal | null): void;
  /** A stop that was said is on the disk: only now may it be shown as kept. */
  stopKept(): void;
}

/** Seconds of this page's clock: the one that captured images carry. */
export function pageSeconds(): number {
  return performance.now() / 1000;
}

export class Stream {
  private socket: WebSocket | null = null;
  private seq = 0;
  private compared = 0;
  private last: [number, number, number] | null = null;
  private clock: number | undefined;
  private tries = 0;
  private unanswered = 0;
  private waitsS = WAITS_S;
  private lostS: number | null = null;
  private retry: number | undefined;
  private ended = false;
  /** Said, and not known to be kept; `value` as it was said. */
  private stop: { value: number | null } | null = null;
  private keeping: number | undefined;

  constructor(
    readonly sessionId: string,
    private readonly key: string,
    private readonly listener: Listener,
  ) {
    bandTold(null);
    this.connect();
  }

  /** Whether times of this page mean something to the session yet. */
  get ready(): boolean {
    return this.socket?.readyState === WebSocket.OPEN && this.compared >= CLOCKS_AT_FIRST;
  }

  /** Whether a stop was said that the session is not known to have kept. */
  get stopWaits(): boolean {
    return this.stop !== null;
  }

  landmarks(values: Float32Array, capturedS: number, people: number): void {
    if (!this.ready) return;
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.send({ type: "landmarks", seq: ++this.seq, t_s: capturedS, people, values: bytes });
  }

  word(kind: WordKind, value: number | null = null): void {
    // A stop must not be lost with the line; whatever else was said then is of the past.
    if (kind === "stop") this.stop = { value: value ?? this.stop?.value ?? null };
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    this.send({ type: "word", seq: ++this.seq, kind, value });
    if (kind === "stop") this.expect();
  }

  /** A line may be gone and not know it: what does not answer a stop is not waited for. */
  private expect(): void {
    clearTimeout(this.keeping);
    const asked = this.socket;
    this.keeping = window.setTimeout(() => {
      if (this.stop === null || asked === null || asked !== this.socket) return;
      asked.close();
      this.lost(asked, 0);
    }, KEPT_WITHIN_MS);
  }

  private kept(): void {
    clearTimeout(this.keeping);
    if (this.stop === null) return;
    this.stop = null;
    this.listener.stopKept();
  }

  close(): void {
    this.ended = true;
    bandTold(null);
    clearInterval(this.clock);
    clearTimeout(this.retry);
    clearTimeout(this.keeping);
    this.socket?.close();
  }

  private connect(): void {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(
      `${scheme}://${location.host}/api/sessions/${this.sessionId}/stream`,
    );
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.seq = 0;
      this.compared = 0;
      this.last = null;
      this.unanswered = 0;
      this.send({ type: "hello", version: WIRE_VERSION, key: this.key });
      this.compare();
      this.clock = window.setInterval(() => this.compare(), CLOCK_EVERY_MS);
    };
    socket.onmessage = (event) => this.take(fromBytes(event.data as ArrayBuffer));
    socket.onclose = (event) => this.lost(socket, event.code);
    this.socket = socket;
  }

  private lost(socket: WebSocket, code: number): void {
    if (socket !== this.socket) return;
    this.socket = null;
    clearInterval(this.clock);
    if (this.ended) return;
    this.listener.heard(false);
    this.lostS ??= pageSeconds();
    const goneS = pageSeconds() - this.lostS;
    // It goes on trying for as long as the session waits; who is not let in is not waited for.
    if (code === NOT_LET_IN || goneS > this.waitsS + LONGER_S) {
      this.ended = true;
      this.listener.over(false, null);
      return;
    }
    const wait = BACK_AFTER_MS[Math.min(this.tries++, BACK_AFTER_MS.length - 1)];
    this.retry = window.setTimeout(() => this.connect(), wait);
  }

  private take(message: FromSession): void {
    switch (message.type) {
      case "welcome":
        this.tries = 0;
        this.lostS = null;
        this.waitsS = message.waits_s;
        this.listener.heard(true);
        if (message.resumed) this.listener.resumed();
        if (this.stop !== null) this.word("stop", this.stop.value);
        break;
      case "clock_answer":
        this.last = [message.sent_s, message.answered_s, pageSeconds()];
        this.unanswered = 0;
        this.compared += 1;
        if (this.compared < CLOCKS_AT_FIRST) this.compare();
        break;
      case "view":
        this.send({ type: "credit", views: 1 });
        if (message.guidance !== null && OVER.includes(message.guidance.phase)) this.kept();
        this.listener.view(message);
        break;
      case "windows":
        this.listener.windows(windowEdges(message.edges));
        break;
      case "band":
        bandTold(message);
        break;
      case "told":
        if (OVER.includes(message.decision.phase)) this.kept();
        this.listener.told(message.decision);
        break;
      case "over":
        this.ended = true;
        this.listener.over(message.complete, message.why === null ? null : { ...message, line: message.why });
        break;
      case "refused":
        console.warn(`not taken: ${message.what}`);
    }
  }

  private compare(): void {
    if (++this.unanswered > UNANSWERED && this.socket !== null) {
      const silent = this.socket;
      silent.close(); // which may take long where the other end is gone
      this.lost(silent, 0);
      return;
    }
    this.send({ type: "clock", sent_s: pageSeconds(), last: this.last });
    this.last = null;
  }

  private send(message: ToSession): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(toBytes(message));
  }
}
