// The ghost, as one line around all of its limbs: over the body, and never as solid as it.
import { onPicture } from "./camera";
import type { Theme } from "./look";
import type { Scene } from "./scene";

const LINE_PX = 2.5;
const SOLID = 0.85;

/** Draws into a canvas of its own, of the size of the picture. */
export function outline(canvas: HTMLCanvasElement, scene: Scene, theme: Theme, ratio: number): void {
  const pen = canvas.getContext("2d");
  if (pen === null) return;
  pen.clearRect(0, 0, canvas.width, canvas.height);
  if (scene.ghost.length === 0) return;
  pen.lineCap = "round";
  pen.strokeStyle = `rgb(${theme.inWindow.join(" ")} / ${SOLID})`;
  // Wider first, then the inside taken out again: what is left is the line around.
  for (const [more, how] of [[2 * LINE_PX * ratio, "source-over"], [0, "destination-out"]] as const) {
    pen.globalCompositeOperation = how;
    if (how === "destination-out") pen.strokeStyle = "#000";
    for (const { ends, half } of scene.ghost) {
      const [a, b] = ends.map((p) => onPicture(scene.look, canvas.width, canvas.height, p));
      if (a === undefined || b === undefined) continue;
      pen.lineWidth = 2 * half * scene.look.perMetre + more;
      pen.beginPath();
      pen.moveTo(...a);
      pen.lineTo(...b);
      pen.stroke();
    }
  }
  pen.globalCompositeOperation = "source-over";
}
