// Finds the person in images, away from what draws. Images come in, landmarks go out; nothing is kept.
import { FilesetResolver, PoseLandmarker } from "@mediapipe/tasks-vision";
import { LANDMARK_COLUMNS, LANDMARKS } from "./wire";

export type ToPose =
  | { kind: "load"; model: string; delegate: "CPU" | "GPU" }
  | { kind: "image"; image: ImageBitmap; capturedS: number };

export type FromPose =
  | { kind: "loaded" }
  | { kind: "cannot"; why: string }
  | { kind: "found"; values: Float32Array; people: number; capturedS: number; tookMs: number };

const MOST_PEOPLE = 2; // a second one must be noticed, not followed
let landmarker: PoseLandmarker | null = null;
let stamp = 0;

const post = (message: FromPose, transfer: Transferable[] = []): void =>
  (self as unknown as DedicatedWorkerGlobalScope).postMessage(message, transfer);

self.onmessage = async (event: MessageEvent<ToPose>) => {
  const message = event.data;
  if (message.kind === "load") {
    await load(message.model, message.delegate);
  } else {
    look(message.image, message.capturedS);
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
  post({ kind: "found", values, people: found.landmarks.length, capturedS, tookMs }, [values.buffer]);
}
