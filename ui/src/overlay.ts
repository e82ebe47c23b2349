// The lines over the mirrored image: what is seen is a line; what is half seen is faint.
import { LANDMARK_COLUMNS } from "./wire";

const BONES: [number, number][] = [
  [11, 12], [11, 23], [12, 24], [23, 24], [11, 13], [13, 15], [12, 14], [14, 16],
  [23, 25], [25, 27], [27, 31], [24, 26], [26, 28], [28, 32],
];
const SEEN = 0.5;

export function drawOverlay(canvas: HTMLCanvasElement, values: Float32Array, colour: string): void {
  const pen = canvas.getContext("2d");
  if (pen === null) return;
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.strokeStyle = colour;
  pen.lineWidth = canvas.width / 140;
  pen.lineCap = "round";
  const at = (i: number): [number, number, number] => [
    values[i * LANDMARK_COLUMNS] ?? NaN,
    values[i * LANDMARK_COLUMNS + 1] ?? NaN,
    values[i * LANDMARK_COLUMNS + 3] ?? 0,
  ];
  for (const [a, b] of BONES) {
    const [ax, ay, av] = at(a);
    const [bx, by, bv] = at(b);
    if (!Number.isFinite(ax + bx)) continue;
    pen.globalAlpha = Math.min(av, bv) >= SEEN ? 1 : 0.2;
    pen.beginPath();
    pen.moveTo(ax, ay);
    pen.lineTo(bx, by);
    pen.stroke();
  }
}
