// Draws a scene on a plain canvas where there is no WebGL: limbs as soft bands, muscles as lines, fog as
// hatching over the band.
import { onPicture } from "./camera";
import { STATIONS } from "./course";
import type { Rgb, Theme } from "./look";
import { ARMS } from "./parts";
import { FILLED, HATCHED, type Limb, type Scene, TUBE_FLOATS } from "./scene";

export class FlatViewer {
  private readonly pen: CanvasRenderingContext2D | null;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly parts: string[],
  ) {
    this.pen = canvas.getContext("2d");
  }

  draw(scene: Scene, theme: Theme): void {
    const { pen } = this;
    if (pen === null) return;
    const { width, height } = this.canvas;
    pen.clearRect(0, 0, width, height);
    pen.lineCap = pen.lineJoin = "round";
    const on = (p: ArrayLike<number>): [number, number] => onPicture(scene.look, width, height, p);
    for (const limb of scene.limbs) this.band(pen, limb, on, scene, css(theme.skin, theme.dark ? 0.3 : 0.24));
    for (const limb of scene.limbs) this.bone(pen, limb, on, css(theme.boneShade, 0.8));
    this.muscles(pen, scene, theme, on);
    for (const limb of scene.limbs) {
      const fog = scene.fog[[...this.parts, ...ARMS].indexOf(limb.part)] ?? 0;
      // An arm is pale anyway, and must not hide what is measured behind it.
      if (fog > 0.6 && !limb.part.startsWith("arm")) this.band(pen, limb, on, scene, hatched(pen, theme));
    }
  }

  private band(
    pen: CanvasRenderingContext2D,
    limb: Limb,
    on: (p: ArrayLike<number>) => [number, number],
    scene: Scene,
    ink: string | CanvasPattern,
  ): void {
    pen.strokeStyle = ink;
    pen.lineWidth = 2 * limb.half * scene.look.perMetre;
    line(pen, limb.ends.map(on));
  }

  private bone(
    pen: CanvasRenderingContext2D,
    limb: Limb,
    on: (p: ArrayLike<number>) => [number, number],
    ink: string,
  ): void {
    if (limb.part === "head" || limb.part.startsWith("arm")) return; // not estimated
    pen.strokeStyle = ink;
    pen.lineWidth = this.canvas.height / 110;
    line(pen, limb.ends.map(on));
  }

  private muscles(
    pen: CanvasRenderingContext2D,
    scene: Scene,
    theme: Theme,
    on: (p: ArrayLike<number>) => [number, number],
  ): void {
    const { others, targets } = scene.counts;
    const thin = this.canvas.height / 500;
    for (let i = 0; i < others + targets; i += 1) {
      const [row = 0, r = 0, g = 0, b = 0, filled = FILLED] = scene.tubes.subarray(TUBE_FLOATS * i);
      const target = i >= others;
      const along: [number, number][] = [];
      for (let s = 0; s < STATIONS; s += 1)
        along.push(on(inWorld(scene, scene.lines.subarray(4 * (row * STATIONS + s)))));
      if (target && scene.glowing) {
        pen.strokeStyle = css(theme.inWindow, 0.25);
        pen.lineWidth = 9 * thin;
        line(pen, along);
      }
      pen.setLineDash(filled === FILLED ? [] : filled === HATCHED ? [thin, 4 * thin] : [6 * thin, 4 * thin]);
      pen.strokeStyle = css([r * 255, g * 255, b * 255], target ? 1 : 0.7);
      pen.lineWidth = (target ? 4 : 1.4) * thin;
      line(pen, along);
    }
    pen.setLineDash([]);
  }
}

function inWorld(scene: Scene, p: ArrayLike<number>): number[] {
  const m = scene.stand;
  return [0, 1, 2].map(
    (r) => (m[r] ?? 0) * (p[0] ?? 0) + (m[4 + r] ?? 0) * (p[1] ?? 0) + (m[8 + r] ?? 0) * (p[2] ?? 0),
  );
}

function hatched(pen: CanvasRenderingContext2D, theme: Theme): CanvasPattern | string {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 10;
  const ink = tile.getContext("2d");
  if (ink === null) return css(theme.fog, 0.8);
  ink.fillStyle = css(theme.fog, 0.8);
  ink.fillRect(0, 0, 10, 10);
  ink.strokeStyle = css(theme.fogLine, 0.6);
  ink.lineWidth = 1.6;
  for (const shift of [-10, 0, 10]) line(ink, [[shift, 10], [shift + 10, 0]]);
  return pen.createPattern(tile, "repeat") ?? css(theme.fog, 0.8);
}

function css(colour: Rgb, alpha: number): string {
  return `rgb(${colour.map(Math.round).join(" ")} / ${alpha})`;
}

function line(pen: CanvasRenderingContext2D, points: [number, number][]): void {
  pen.beginPath();
  points.forEach(([x, y], i) => (i === 0 ? pen.moveTo(x, y) : pen.lineTo(x, y)));
  pen.stroke();
}
