// The camera: on only while it is looked through, and every image is forgotten once it was looked at.
import type { FromPose, ToPose } from "./pose.worker";
import { type Key, t } from "./texts";

export type Model = "lite" | "full";
export interface Found {
  values: Float32Array;
  people: number;
  capturedS: number;
  luma: Uint8Array | null;
  width: number;
  height: number;
}

const TRIAL_IMAGES = 12;
const SLOW_MS = 45; // more than this, and 20 images a second cannot be kept up beside drawing
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
  model: Model = "full";
  private stream: MediaStream | null = null;
  private worker: Worker | null = null;
  private busy = false;
  private closed = false;
  private waits = false; // off only because the page is not looked at
  private turn = 0; // counts what was asked for: what is answered late must not turn it on
  private starting = false;
  private took: number[] = [];
  private settle: ((cannot: string | null) => void) | null = null;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly found: (found: Found) => void,
    private readonly light: (on: boolean) => void,
    private readonly trouble: (cause: unknown) => void,
  ) {
    document.addEventListener("visibilitychange", this.hidden);
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
    await this.load(this.model);
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
    document.removeEventListener("visibilitychange", this.hidden);
    this.worker?.terminate();
  }

  private readonly hidden = (): void => {
    if (document.hidden) {
      this.waits = this.stream !== null || this.starting;
      this.off();
    } else if (this.waits) {
      this.waits = false;
      this.start().catch(this.trouble);
    }
  };

  private load(model: Model): Promise<void> {
    this.model = model;
    this.took = [];
    this.busy = false;
    // A worker of its own for each model: the module that runs one cannot be loaded twice in it.
    this.worker?.terminate();
    this.worker = new Worker(new URL("./pose.worker.ts", import.meta.url), { type: "module" });
    this.worker.onmessage = (event: MessageEvent<FromPose>) => this.hear(event.data);
    this.post({ kind: "load", model: `/models/pose_landmarker_${model}.task`, delegate: "CPU" });
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
        (bitmap) => this.post({ kind: "image", image: bitmap, capturedS }, [bitmap]),
        () => (this.busy = false),
      );
    });
  }

  private hear(message: FromPose): void {
    if (message.kind === "loaded") this.settle?.(null);
    else if (message.kind === "cannot") this.settle?.(message.why);
    else {
      this.busy = false;
      this.judge(message.tookMs);
      this.found({ ...message, width: this.width, height: this.height });
    }
  }

  /** After a short trial: the lighter model where this machine is too slow for the full one. */
  private judge(tookMs: number): void {
    if (this.took.length >= TRIAL_IMAGES) return;
    this.took.push(tookMs);
    if (this.took.length < TRIAL_IMAGES || this.model === "lite") return;
    const middle = [...this.took].sort((a, b) => a - b)[TRIAL_IMAGES / 2] ?? 0;
    if (middle > SLOW_MS) this.load("lite").catch(this.trouble);
  }

  private post(message: ToPose, transfer: Transferable[] = []): void {
    this.worker?.postMessage(message, transfer);
  }
}
