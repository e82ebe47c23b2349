// The body beside the mirror: bones as lines, muscles in the colour of how long they are, the targets
// strong. What is not known is fog: pale and broken, at the place where it would have been shown.
import { html, LitElement } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { floats, type View } from "../wire";
import { about, apply, multiply, type Paths, pathsOfMuscles, place, readPaths } from "./paths";

interface Names {
  coordinates: string[];
  groups: string[];
  group_of: Record<string, number>;
}

const YAW = { front: 0.35, left: Math.PI / 2 - 0.35, right: 0.35 - Math.PI / 2 } as const;
const REST = [222, 200, 190];
const WARM = [216, 74, 38];
const METRES = 1.75;
const PELVIS_AT = 0.4; // from the top of the picture

@customElement("lw-body")
export class Body extends LitElement {
  @property() exercise = "";
  @property() seenFrom: keyof typeof YAW = "front";
  @property({ type: Number }) heightCm = 170;
  @query("canvas") private canvas!: HTMLCanvasElement;
  private paths: Paths | null = null;
  private names: Names | null = null;
  private targets: Record<string, number[]> = {};
  private along: number[][] = [];

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    return html`<canvas
      class="body"
      width="480"
      height="640"
      role="img"
      aria-label="Your body as it is estimated, muscles coloured by how long they are"
    ></canvas>`;
  }

  protected override firstUpdated(): void {
    void this.load();
  }

  /** Draws what is known at one instant. */
  show(view: View): void {
    if (this.paths === null || this.names === null) return;
    const angles = floats(view.angles);
    const angle = (name: string): number => {
      const i = this.names?.coordinates.indexOf(name) ?? -1;
      return angles[2 * i] ?? 0;
    };
    const placed = place(this.paths, this.paths.coordinates.map(angle));
    const turn = this.turn(angle);
    const flat = (points: Float64Array): Float64Array => project(points, turn);
    const side = view.guidance?.side ?? "l";
    this.draw(flat(placed.origins), flat(placed.points), view, new Set(this.targets[side] ?? []));
  }

  private async load(): Promise<void> {
    const get = (path: string): Promise<Response> => fetch(path, { credentials: "same-origin" });
    const [names, paths, targets] = await Promise.all([
      get("/api/body/names"),
      get(`/api/body/paths?height_cm=${Math.round(this.heightCm)}`),
      get(`/api/body/targets/${this.exercise}`),
    ]);
    if (!names.ok || !paths.ok || !targets.ok) return;
    this.names = (await names.json()) as Names;
    this.targets = (await targets.json()) as Record<string, number[]>;
    this.paths = readPaths(await paths.arrayBuffer());
    this.along = pathsOfMuscles(this.paths);
  }

  /** Pelvis axes (front, up, right) to those of the picture (right, up, towards), as in the mirror. */
  private turn(angle: (name: string) => number): number[] {
    const attitude = multiply(
      about([0, 1, 0], angle("pelvis_rotation")),
      multiply(about([1, 0, 0], -angle("pelvis_obliquity")), about([0, 0, 1], -angle("pelvis_tilt"))),
    );
    const yaw = YAW[this.seenFrom];
    const seen = [-Math.sin(yaw), 0, Math.cos(yaw), 0, 1, 0, Math.cos(yaw), 0, Math.sin(yaw)];
    return multiply(seen, attitude);
  }

  private draw(bones: Float64Array, points: Float64Array, view: View, targets: Set<number>): void {
    const pen = this.canvas.getContext("2d");
    if (pen === null || this.paths === null || this.names === null) return;
    const { width, height } = this.canvas;
    const scale = height / METRES;
    const x = (v: Float64Array, i: number): number => width / 2 + scale * (v[2 * i] ?? 0);
    const y = (v: Float64Array, i: number): number => PELVIS_AT * height - scale * (v[2 * i + 1] ?? 0);
    const style = getComputedStyle(this);
    pen.clearRect(0, 0, width, height);
    pen.lineCap = "round";
    pen.lineJoin = "round";
    pen.strokeStyle = style.getPropertyValue("--line");
    pen.lineWidth = 7;
    this.paths.bones.forEach((_, bone) => {
      if (bone === 0) return;
      const parent = this.paths?.boneIndex[3 * bone] ?? 0;
      line(pen, [
        [x(bones, parent), y(bones, parent)],
        [x(bones, bone), y(bones, bone)],
      ]);
    });
    const muscles = floats(view.muscles);
    this.along.forEach((along, muscle) => {
      const group = this.names?.group_of[this.paths?.muscles[muscle] ?? ""];
      if (group === undefined) return;
      const fraction = muscles[2 * group] ?? NaN;
      const known = Number.isFinite(fraction);
      const target = targets.has(group);
      pen.setLineDash(known ? [] : [2, 6]);
      pen.strokeStyle = known ? warmth(fraction) : style.getPropertyValue("--quiet");
      pen.globalAlpha = known ? 0.9 : 0.35;
      pen.lineWidth = target ? 5 : 1.5;
      if (target && known && view.guidance?.in_window) pen.strokeStyle = style.getPropertyValue("--in-window");
      line(pen, along.map((i) => [x(points, i), y(points, i)]));
    });
    pen.setLineDash([]);
    pen.globalAlpha = 1;
  }
}

function project(points: Float64Array, turn: number[]): Float64Array {
  const out = new Float64Array((points.length / 3) * 2);
  for (let i = 0; i < points.length / 3; i += 1) {
    const p = apply(turn, points[3 * i] ?? 0, points[3 * i + 1] ?? 0, points[3 * i + 2] ?? 0);
    out.set(p.slice(0, 2), 2 * i);
  }
  return out;
}

function warmth(fraction: number): string {
  const w = Math.min(Math.max(fraction, 0), 1) ** 1.2;
  const mixed = REST.map((rest, i) => Math.round(rest * (1 - w) + (WARM[i] ?? rest) * w));
  return `rgb(${mixed.join(" ")})`;
}

function line(pen: CanvasRenderingContext2D, points: [number, number][]): void {
  pen.beginPath();
  points.forEach(([px, py], i) => (i === 0 ? pen.moveTo(px, py) : pen.lineTo(px, py)));
  pen.stroke();
}
