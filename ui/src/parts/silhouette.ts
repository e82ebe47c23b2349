// Where to stand, kneel or lie: the start posture as the camera should see it, laid over the mirror.
// What is seen turns to the colour of the window, part by part, and gets a solid edge.
import { html, LitElement, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Part, PartState, Wanted } from "../placing";

type Ellipse = [part: string, x: number, y: number, long: number, short: number, turn: number];
type Outline = [tone: string, closed: boolean, before: boolean, points: [number, number][]];

export interface Placing extends Wanted {
  exercise_id: string;
  place: string;
  distance_m: number;
  camera_m: number;
  width_cm: number;
  height_cm: number;
  body: Ellipse[];
  around: Outline[];
}

const OF: Record<string, Part> = {
  head: "head",
  chest: "shoulders",
  lumbar: "hips",
  pelvis: "hips",
  thigh_l: "knees",
  thigh_r: "knees",
  shank_l: "ankles",
  shank_r: "ankles",
  foot_l: "feet",
  foot_r: "feet",
};

@customElement("lw-silhouette")
export class Silhouette extends LitElement {
  @property({ attribute: false }) placing!: Placing;
  @property({ attribute: false }) parts: Record<Part, PartState> | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    const { width_cm, height_cm, body, around } = this.placing;
    return html`<svg
      class="silhouette"
      viewBox="0 0 ${width_cm} ${height_cm}"
      aria-hidden="true"
    >
      <g class="around">${around.filter((s) => !s[2]).map(outline)}</g>
      <g class="edge">${body.map((e) => this.ellipse(e, 1.6))}</g>
      <g class="fill">${body.map((e) => this.ellipse(e, 0))}</g>
      <g class="around">${around.filter((s) => s[2]).map(outline)}</g>
    </svg>`;
  }

  private ellipse([part, x, y, long, short, turn]: Ellipse, wider: number) {
    return svg`<ellipse class=${this.state(part)} rx=${long + wider} ry=${short + wider}
      transform="translate(${x} ${y}) rotate(${turn})" />`;
  }

  private state(name: string): string {
    let part = OF[name];
    if (part === "feet" && !this.placing.parts.includes("feet")) part = "ankles";
    if (part === undefined || !this.placing.parts.includes(part)) return "free";
    return this.parts?.[part] ?? "unseen";
  }
}

function outline([tone, closed, , points]: Outline) {
  const said = points.map((p) => p.join(",")).join(" ");
  return closed
    ? svg`<polygon class=${tone} points=${said} />`
    : svg`<polyline class=${tone} points=${said} />`;
}
