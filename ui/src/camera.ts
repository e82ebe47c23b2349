// The camera: on only while it is looked through, and every image is forgotten once it was looked at.
import type { FromPose, ToPose } from "./pose.worker";
import { hasCard } from "./card";
import { outOfSight, whenSightChanges } from "./sight";
import { type Key, t } from "./texts";
import { GIVE_UP_MS, type Model, Trial } from "./trial";

export interface Found {
  values: Float32Array;
  people: number;
  capturedS: number;
  luma: Uint8Array | null;
  width: number;
  height: number;
}

const LOADS_WITHIN_MS = 20_000; // 10 MB of this machine, and compiled
const WANTED = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } };

const WHY: Record<string, Key> = {
  NotAllowedError: "camera.denied",
  NotReadableError: "camera.busy",
  AbortError: "camera.busy",
};

export class CannotSeeError extends Error {}

/** Whether this browser has what the camera is looked through with. */
function canLook(): boolean {
  const frames = "requestVideoFrameCallback" in HTMLVideoElement.prototype;
  const looks = "OffscreenCanvas" in window && "Worker" in window && "WebAssembly" in window;
  return frames && looks && navigator.mediaDevices !== undefined;
}

export class Camera {
  private stream: MediaStream | null = null;
  private worker: Worker | null = null;
  private busy = false;
  private closed = false;
  private waits = false; // off only because the page is not looked at
  private turn = 0; // counts what was asked for: what is answered late must not turn it on
  private starting = false;
  private trial = new Trial(false);
  private late: number | undefined;
  private readonly deaf: () => void;
  private settle: ((cannot: string | null) => void) | null = null;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly found: (found: Found) => void,
    private readonly light: (on: boolean) => void,
    private readonly trouble: (cause: unknown) => void,
  ) {
    this.deaf = whenSightChanges(() => this.sighted());
  }

  /** What looks now. */
  get model(): Model {
    return this.trial.now.model;
  }

  /** Whether that stays so. */
  get settled(): boolean {
    return this.trial.settled;
  }

  get width(): number {
    return this.video.videoWidth;
  }

  get height(): number {
    return this.video.videoHeight;
  }

  /** Asks for the camera and begins to look. Throws CannotSeeError with a sentence to show. */
  async start(): Promise<void> {
    if (!canLook()) throw new CannotSeeError(t("camera.old"));
    if ((this.waits = outOfSight())) return;
    const turn = ++this.turn;
    this.starting = true;
    let stream: MediaStream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: WANTED, audio: false });
    } catch (cause) {
      throw new CannotSeeError(t(WHY[cause instanceof DOMException ? cause.name : ""] ?? "camera.missing"));
    } finally {
      if (turn === this.turn) this.starting = false;
    }
    if (this.closed || turn !== this.turn) {
      // Turned off, or the page was hidden, while the person was asked for the camera.
      for (const track of stream.getTracks()) track.stop();
      return;
    }
    this.stream = stream;
    for (const track of stream.getTracks()) track.addEventListener("ended", () => this.taken(stream));
    this.video.srcObject = stream;
    await this.video.play();
    if (this.closed || turn !== this.turn) return;
    this.light(true);
    this.trial = new Trial(hasCard());
    await this.load();
    this.next();
  }

  /** Whether the browser asks for leave, or looks for a camera, and has not answered. */
  get asking(): boolean {
    return this.starting;
  }

  /** Unplugged, or its leave was taken back: not by this page. */
  private taken(stream: MediaStream): void {
    if (this.stream !== stream) return;
    this.stop();
    this.trouble(new CannotSeeError(t("camera.taken")));
  }

  /** Turns the camera off; `start` turns it on again. */
  stop(): void {
    this.waits = false;
    this.off();
  }

  private off(): void {
    this.turn += 1;
    this.starting = false;
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
    this.light(false);
  }

  close(): void {
    this.closed = true;
    this.stop();
    this.deaf();
    clearTimeout(this.late);
    this.worker?.terminate();
  }

  private sighted(): void {
    if (outOfSight()) {
      this.waits ||= this.stream !== null || this.starting; // hidden, then locked as well
      this.off();
    } else if (this.waits) {
      this.waits = false;
      this.start().catch(this.trouble);
    }
  }

  /** What the trial wants to be looked with; where the graphics card cannot, the processor. */
  private async load(): Promise<void> {
    try {
      await this.loaded();
    } catch (cause) {
      if (!this.goOnWith(this.trial.failed())) throw cause;
    }
  }

  /** Whether something else is loaded now. */
  private goOnWith(trial: Trial | null): boolean {
    if (trial === null || this.closed) return false;
    this.trial = trial;
    this.load().catch(this.trouble);
    return true;
  }

  private loaded(): Promise<void> {
    const { model, by } = this.trial.now;
    this.busy = false;
    this.expect(LOADS_WITHIN_MS);
    // A worker of its own for each model: the module that runs one cannot be loaded twice in it.
    this.worker?.terminate();
    this.worker = new Worker(new URL("./pose.worker.ts", import.meta.url), { type: "module" });
    this.worker.onerror = (event) => this.fails(event.message);
    this.worker.onmessage = (event: MessageEvent<FromPose>) => this.hear(event.data);
    this.post({ kind: "load", model: `/models/pose_landmarker_${model}.task`, delegate: by });
    return new Promise((done, cannot) => {
      this.settle = (why) => {
        this.settle = null;
        if (why === null) done();
        else cannot(new CannotSeeError(t("camera.model", { why })));
      };
    });
  }

  private next(): void {
    if (this.stream === null) return;
    this.video.requestVideoFrameCallback((now, image) => {
      this.next();
      if (this.busy || this.stream === null || this.settle !== null) return;
      this.busy = true;
      // Of a local camera the browser knows when the image was captured, not only when it was shown.
      const capturedS = (image.captureTime ?? now) / 1000;
      createImageBitmap(this.video).then(
        (bitmap) => this.look(bitmap, capturedS),
        () => (this.busy = false),
      );
    });
  }

  private look(image: ImageBitmap, capturedS: number): void {
    this.post({ kind: "image", image, capturedS }, [image]);
    this.expect(GIVE_UP_MS);
  }

  /** A graphics card that does not answer within so long is given up. */
  private expect(withinMs: number): void {
    clearTimeout(this.late);
    if (this.trial.now.by === "GPU") this.late = window.setTimeout(() => this.fails("no answer"), withinMs);
  }

  private fails(why: string): void {
    if (this.settle !== null) this.settle(why);
    else if (!this.goOnWith(this.trial.failed())) this.trouble(new CannotSeeError(t("camera.model", { why })));
  }

  private hear(message: FromPose): void {
    if (message.kind === "loaded") this.settle?.(null);
    else if (message.kind === "cannot") this.fails(message.why);
    else {
      this.busy = false;
      clearTimeout(this.late);
      this.goOnWith(this.trial.take(message.tookMs));
      this.found({ ...message, width: this.width, height: this.height });
    }
  }

  private post(message: ToPose, transfer: Transferable[] = []): void {
    this.worker?.postMessage(message, transfer);
  }
}
