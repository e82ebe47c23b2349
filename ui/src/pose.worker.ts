// Finds the person in images, away from what draws. Images come in, landmarks go out; nothing is kept.
import { FilesetResolver, PoseLandmarker } from "@mediapipe/tasks-vision";
import { LUMA_COLUMNS } from "./placing";
import { LANDMARK_COLUMNS, LANDMARKS } from "./wire";

export type ToPose =
  | { kind: "load"; model: string; delegate: "CPU" | "GPU" }
  | { kind: "image"; image: ImageBitmap; capturedS: number };

export type FromPose =
  | { kind: "loaded" }
  | { kind: "cannot"; why: string }
  | {
      kind: "found";
      values: Float32Array;
      people: number;
      capturedS: number;
      tookMs: number;
      /** Brightness of the image, coarse, now and then. */
      luma: Uint8Array | null;
    };

const LUMA_ROWS = 24;
const LUMA_EVERY = 8;
const MOST_PEOPLE = 2; // a second one must be noticed, not followed
let landmarker: PoseLandmarker | null = null;
let small: OffscreenCanvasRenderingContext2D | null = null;
let images = 0;
let stamp = 0;

const post = (message: FromPose, transfer: Transferable[] = []): void =>
  (self as unknown as DedicatedWorkerGlobalScope).postMessage(message, transfer);

self.onmessage = async (event: MessageEvent<ToPose>) => {
  const message = event.data;
  if (message.kind === "load") {
    await load(message.model, message.delegate);
  } else {
    try {
      look(message.image, message.capturedS);
    } catch (cause) {
      post({ kind: "cannot", why: cause instanceof Error ? cause.message : String(cause) });
    }
  }
};

async function load(model: string, delegate: "CPU" | "GPU"): Promise<void> {
  try {
    const files = await FilesetResolver.forVisionTasks("/wasm", true);
    landmarker = await PoseLandmarker.createFromOptions(files, {
      baseOptions: { modelAssetPath: model, delegate },
      runningMode: "VIDEO",
      numPoses: MOST_PEOPLE,
    });
    post({ kind: "loaded" });
  } catch (cause) {
    post({ kind: "cannot", why: cause instanceof Error ? cause.message : String(cause) });
  }
}

function look(image: ImageBitmap, capturedS: number): void {
  const { width, height } = image;
  const begun = performance.now();
  // The model wants a time that grows, and only that.
  stamp = Math.max(stamp + 1, Math.round(capturedS * 1000));
  const found = landmarker?.detectForVideo(image, stamp);
  const luma = images++ % LUMA_EVERY === 0 ? brightness(image) : null;
  image.close();
  if (!found) return;
  const values = new Float32Array(LANDMARKS * LANDMARK_COLUMNS).fill(NaN);
  const points = found.landmarks[0] ?? [];
  const world = found.worldLandmarks[0] ?? [];
  points.forEach((p, i) => {
    const w = world[i];
    if (!w || i >= LANDMARKS) return;
    const visibility = Math.min(Math.max(p.visibility ?? 0, 0), 1);
    const row = [p.x * width, p.y * height, p.z * width, visibility, w.x, w.y, w.z];
    values.set(row, i * LANDMARK_COLUMNS);
  });
  const tookMs = performance.now() - begun;
  const people = found.landmarks.length;
  post({ kind: "found", values, people, capturedS, tookMs, luma }, [values.buffer]);
}

function brightness(image: ImageBitmap): Uint8Array | null {
  small ??= new OffscreenCanvas(LUMA_COLUMNS, LUMA_ROWS).getContext("2d", {
    willReadFrequently: true,
  });
  if (small === null) return null;
  small.drawImage(image, 0, 0, LUMA_COLUMNS, LUMA_ROWS);
  const { data } = small.getImageData(0, 0, LUMA_COLUMNS, LUMA_ROWS);
  return Uint8Array.from(
    { length: data.length / 4 },
    (_, i) =>
      0.2126 * (data[4 * i] ?? 0) + 0.7152 * (data[4 * i + 1] ?? 0) + 0.0722 * (data[4 * i + 2] ?? 0),
  );
}
