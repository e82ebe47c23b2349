// Everything that draws the body; loaded when a session begins, and not before.
import { Camera, onPicture, type SeenFrom } from "./camera";
import { FlatViewer } from "./flat";
import { Viewer } from "./gl";
import { readPack } from "./pack";
import { outline } from "./outline";
import type { Names } from "./parts";
import { readPaths } from "./paths";
import { type Scene, type Shown, Stage } from "./scene";

export interface Parts {
  names: Names;
  paths: ArrayBuffer;
  shape: ArrayBuffer;
}

const PULSE_S = 2.6;
const REACH_PX = 10;
/** Where the processor draws it has images to look at as well. */
const SLOW_EVERY_MS = 60;
/** A whole picture should be there by then; where pictures are late again and again, coarser ones. */
const WANTED_MS = 33;
const LATE = 6;
const COARSER = 0.75;

export class Drawing {
  readonly camera = new Camera();
  readonly kind: "3d" | "2d";
  scene: Scene | null = null;
  /** Of the last picture: what was computed here and handed to the graphics, milliseconds. */
  drawMs = 0;
  private drawnMs = -Infinity;
  private late = 0;
  private pixels = 1;
  private readonly stage: Stage;
  private readonly solid: Viewer | null;
  private readonly flat: FlatViewer | null;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly over: HTMLCanvasElement,
    parts: Parts,
    heightM: number,
    seenFrom: SeenFrom,
    plain: boolean,
  ) {
    const pack = readPack(parts.shape);
    this.stage = new Stage(pack, readPaths(parts.paths), parts.names, heightM, seenFrom);
    this.camera.stand(seenFrom);
    this.solid = plain ? null : Viewer.open(canvas, pack, heightM / pack.stature_m);
    this.flat = this.solid === null ? new FlatViewer(canvas, pack.parts) : null;
    this.kind = this.solid === null ? "2d" : "3d";
  }

  /** Without a graphics card as many pixels as the page has, and not as many as the screen has. */
  get pixelRatio(): number {
    return this.solid?.smooth === false ? this.pixels : Math.min(window.devicePixelRatio || 1, 2);
  }

  /** Gives back what the graphics hold. */
  close(): void {
    this.solid?.close();
  }

  /** Whether another picture would wait behind the last one. */
  get busy(): boolean {
    const soon = this.solid?.smooth === false && performance.now() - this.drawnMs < SLOW_EVERY_MS;
    return soon || (this.solid?.busy ?? false);
  }

  private judge(): void {
    this.late = this.solid?.busy ? this.late + 1 : Math.max(this.late - 1, 0);
    if (this.late >= LATE) this.pixels = COARSER;
  }

  /** Whether the camera is still on its way. */
  draw(shown: Omit<Shown, "width" | "height">): boolean {
    const began = performance.now();
    const { width, height } = this.canvas;
    const moves = this.camera.ease(shown.still);
    this.scene = this.stage.set({ ...shown, width, height }, this.camera);
    const pulse = shown.still ? 1 : 0.8 + 0.2 * Math.sin((began / 1000 / PULSE_S) * 2 * Math.PI);
    if (this.solid !== null) {
      if (!this.solid.lost) this.solid.draw(this.scene, shown.theme, pulse);
      if (!this.solid.smooth && this.pixels === 1) window.setTimeout(() => this.judge(), WANTED_MS);
    } else this.flat?.draw(this.scene, shown.theme);
    outline(this.over, this.scene, shown.theme, this.pixelRatio);
    this.drawnMs = performance.now();
    this.drawMs = this.drawnMs - began;
    return moves;
  }

  /** Where a point of the world is in the picture, pixels of the page. */
  at(point: number[]): [number, number] {
    const { width, height } = this.canvas;
    const [x, y] = this.scene === null ? [NaN, NaN] : onPicture(this.scene.look, width, height, point);
    return [x / this.pixelRatio, y / this.pixelRatio];
  }

  /** The part in fog under a point of the canvas, the thinnest first; null for none. */
  fogAt(x: number, y: number): string | null {
    const all = this.scene?.unknown ?? [];
    // A hand that hangs before the hip is not what somebody wants to see.
    const measured = all.filter((u) => u.reason !== "not_estimated");
    return this.nearest(x, y, measured) ?? this.nearest(x, y, all);
  }

  private nearest(x: number, y: number, among: { part: string }[]): string | null {
    const { scene } = this;
    if (scene === null) return null;
    const unknown = new Set(among.map((u) => u.part));
    let [nearest, best]: [string | null, number] = [null, 1];
    for (const limb of scene.limbs) {
      if (!unknown.has(limb.part)) continue;
      const [a, b] = limb.ends.map((p) => onPicture(scene.look, this.canvas.width, this.canvas.height, p));
      if (a === undefined || b === undefined) continue;
      const away = distance([x, y], a, b) / (limb.half * scene.look.perMetre + REACH_PX * this.pixelRatio);
      if (away < best) [nearest, best] = [limb.part, away];
    }
    return nearest;
  }
}

function distance(p: [number, number], a: [number, number], b: [number, number]): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const along = ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / Math.max(dx * dx + dy * dy, 1e-9);
  const s = Math.min(Math.max(along, 0), 1);
  return Math.hypot(p[0] - a[0] - s * dx, p[1] - a[1] - s * dy);
}
