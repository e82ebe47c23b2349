// The body beside the mirror: bones, muscles in the colour of how long they are, the targets strong. What
// is not known is fog, at the place where it would have been shown; a tap on it says how to clear it.
import { html, LitElement, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
import { letters } from "../keys";
import { t } from "../texts";
import { named } from "../texts/said";
import { floats, type View, type WindowEdges } from "../wire";
import "./body.css";
import type { SeenFrom } from "./camera";
import type { Drawing } from "./drawing";
import { type Ghost, type GhostKind, type GhostPlans, Ghosts } from "./ghost";
import { type Theme, theme, type Zone } from "./look";
import { type Names, type Told, toldAll, type Unknown } from "./parts";

export interface Aim {
  l: number[];
  r: number[];
  /** Held in a window between two marks; other work goes through any length. */
  stretch: boolean;
}

/** Somebody wants what is in fog to be seen. */
export interface MakeVisible {
  /** What is said of it; null: no longer. */
  told: Told[] | null;
  /** With a phone, at once: asked for where it says that the network is listened to. */
  phone: boolean;
}

const TURN_PER_PX = 0.008;
const TURN_PER_KEY = 0.16;
const TAP_PX = 6;
const KEYS: Record<string, [number, number]> = {
  ArrowLeft: [-TURN_PER_KEY, 0],
  ArrowRight: [TURN_PER_KEY, 0],
  ArrowUp: [0, TURN_PER_KEY],
  ArrowDown: [0, -TURN_PER_KEY],
};

@customElement("lw-body")
export class Body extends LitElement {
  @property() exercise = "";
  @property() seenFrom: SeenFrom = "front";
  @property({ type: Number }) heightCm = 170;
  @property({ attribute: false }) edges: WindowEdges[] = [];
  @state() private unknown: Unknown[] = [];
  @state() private said = "";
  /** Whether what is said of the fog stands on the page. */
  @property({ type: Boolean }) asked = false;
  /** Whether a phone may be asked for from here. */
  @property({ type: Boolean }) pairs = false;
  /** Drawn without WebGL because it did not work: a canvas that was once given to it has no pen. */
  @state() private plain = false;
  /** Whether the outline of where to go is laid over it. */
  @property({ type: Boolean }) ghosts = false;
  @state() private outlined: GhostKind | null = null;
  @query("canvas.ghost") private over!: HTMLCanvasElement;
  private written: Ghosts | null = null;
  private ghost: Ghost | null = null;
  @query("canvas") private canvas!: HTMLCanvasElement;
  private names: Names | null = null;
  private aim: Aim | null = null;
  private drawing: Drawing | null = null;
  private look: Theme | null = null;
  private view: View | null = null;
  private arms: Float32Array | null = null;
  private waiting = false;
  private readonly held = new Map<number, [number, number]>();
  /** What lay under one finger as it went down: by the time it is lifted the body has moved on. */
  private meant: Unknown[] = [];
  private travelled = 0;
  private readonly calm = matchMedia("(prefers-reduced-motion: reduce)");
  private readonly dark = matchMedia("(prefers-color-scheme: dark)");
  private watch: ResizeObserver | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    return html`${keyed(this.plain, this.picture())}
      ${
        this.said || this.outlined
          ? html`<p class="said">
              ${this.said}${this.outlined === null ? nothing : html`<span class="outlined">${t(`ghost.${this.outlined}`)}</span>`}
            </p>`
          : nothing
      }
      ${this.unknown.length > 0 ? this.fog(toldAll(this.unknown, this.names)) : nothing}`;
  }

  /** The line tells why; what opens the network says so before it is pressed. */
  private fog(all: Told[]) {
    const phone = this.pairs && !this.asked && all[0]?.way === "phone";
    return html`<div class="in-fog">
      <button class="unseen" aria-expanded=${this.asked} @click=${this.toggle}>
        ${inFog(all.filter((one) => one.reason !== "not_estimated"))}
      </button>
      ${phone ? html`<button class="by-phone" @click=${() => this.want(this.unknown, true)}>${t("fog.phone")}</button>` : nothing}
    </div>`;
  }

  private picture() {
    return html`<canvas
        tabindex="0"
        role="img"
        aria-label=${t("body.label")}
        @pointerdown=${this.pressed}
        @pointermove=${this.moved}
        @pointerup=${this.released}
        @pointercancel=${this.released}
        @wheel=${this.rolled}
        @keydown=${this.keyed}
        @webglcontextlost=${(event: Event) => event.preventDefault()}
        @webglcontextrestored=${() => this.load()}
      ></canvas>
      <canvas class="ghost" aria-hidden="true"></canvas>`;
  }

  protected override firstUpdated(): void {
    this.dark.addEventListener("change", this.relook);
    window.addEventListener("keydown", this.asking);
    this.watch = new ResizeObserver(() => this.repaint());
    this.watch.observe(this.canvas);
    void this.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.dark.removeEventListener("change", this.relook);
    window.removeEventListener("keydown", this.asking);
    this.watch?.disconnect();
    this.drawing?.close();
  }

  protected override updated(): void {
    this.repaint();
  }

  /** Draws what is known at one instant; `landmarks` sketch the arms. */
  show(view: View, landmarks: Float32Array | null = null): void {
    this.view = view;
    this.arms = landmarks;
    this.ghost = this.leading(view);
    this.repaint();
  }

  /** The coach has asked to ease: what shows where to go is gone at once. */
  ease(): void {
    this.written?.ease();
    if (this.ghost === null) return;
    this.ghost = null;
    this.repaint();
  }

  private leading(view: View): Ghost | null {
    const { guidance, unseen } = view;
    if (guidance === null || this.written === null) return null;
    const own = this.aimed(guidance.side).edges;
    return this.written.take({ guidance, angles: floats(view.angles), unseen }, own);
  }

  /** Whether the exercise is held in a window; of the working side, the windows of its targets. */
  aimed(side: "l" | "r" | null): { stretch: boolean; edges: WindowEdges | null } {
    const groups = this.aim?.[side ?? "l"] ?? [];
    const own = groups.map((g) => this.edges[g]).find((e) => e !== undefined && Number.isFinite(e.lower));
    return { stretch: this.aim?.stretch ?? false, edges: own ?? null };
  }

  /** For tests and for measuring. */
  get drawn(): Drawing | null {
    return this.drawing;
  }

  private async load(): Promise<void> {
    const get = async (path: string): Promise<Response> => {
      const answer = await fetch(path, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
      return answer;
    };
    try {
      const [code, names, paths, aim, ghosts, shape] = await Promise.all([
        import("./drawing"),
        get("/api/body/names").then((a) => a.json() as Promise<Names>),
        get(`/api/body/paths?height_cm=${Math.round(this.heightCm)}`).then((a) => a.arrayBuffer()),
        get(`/api/body/targets/${this.exercise}`).then((a) => a.json() as Promise<Aim>),
        get(`/api/body/ghost/${this.exercise}`).then((a) => a.json() as Promise<GhostPlans>),
        get("/api/body/shape").then((a) => a.arrayBuffer()),
      ]);
      this.names = names;
      this.aim = aim;
      this.written = new Ghosts(ghosts);
      const shapes = { names, paths, shape };
      try {
        this.drawing = new code.Drawing(this.canvas, this.over, shapes, this.heightCm / 100, this.seenFrom, this.plain);
      } catch (cause) {
        console.warn(cause);
        this.plain = true;
        await this.updateComplete;
        this.watch?.observe(this.canvas);
        this.drawing = new code.Drawing(this.canvas, this.over, shapes, this.heightCm / 100, this.seenFrom, true);
      }
      this.dataset.kind = this.drawing.kind;
      this.repaint();
    } catch (cause) {
      // The session goes on without its picture.
      console.warn(cause);
      this.said = t("body.none");
    }
  }

  /** Light and dark have changed. */
  readonly relook = (): void => {
    this.look = null;
    this.repaint();
  };

  private repaint(): void {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      // A machine that draws slowly shows fewer pictures, never old ones.
      if (this.drawing?.busy) this.repaint();
      else this.paint();
    });
  }

  private paint(): void {
    const { drawing, view } = this;
    if (drawing === null || view === null || !this.fit(drawing.pixelRatio)) return;
    this.look ??= theme(this);
    const targets = new Set(this.aim?.[view.guidance?.side ?? "l"] ?? []);
    const ghost = this.ghosts ? this.ghost : null;
    const moves = drawing.draw({
      ghost,
      view,
      targets,
      edges: this.edges,
      arms: this.arms,
      theme: this.look,
      still: this.calm.matches,
    });
    const { scene } = drawing;
    if (scene === null) return;
    this.outlined = scene.ghost.length > 0 ? (ghost?.kind ?? null) : null;
    this.tell(scene.unknown, targets, scene.zone);
    if (moves) this.repaint();
  }

  private fit(ratio: number): boolean {
    const [width, height] = [this.canvas.clientWidth * ratio, this.canvas.clientHeight * ratio].map(Math.round);
    if (!width || !height) return false;
    for (const canvas of [this.canvas, this.over]) {
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
    }
    return true;
  }

  private tell(unknown: Unknown[], targets: ReadonlySet<number>, zone: Zone): void {
    const key = (all: Unknown[]): string => all.map((u) => `${u.part} ${u.reason}`).join();
    if (key(unknown) !== key(this.unknown)) this.unknown = unknown;
    const first = [...targets][0];
    const place = first === undefined ? "" : named(this.names?.places[first] ?? "");
    const held = this.aim?.stretch === true && place !== "";
    this.said = held ? `${place[0]?.toUpperCase()}${place.slice(1)}: ${t(`zone.${zone}`)}` : "";
  }

  private want(unknown: Unknown[] | null, phone = false): void {
    const detail: MakeVisible = { told: unknown === null ? null : toldAll(unknown, this.names), phone };
    this.dispatchEvent(new CustomEvent("make-visible", { detail, bubbles: true, composed: true }));
  }

  private readonly toggle = (): void => {
    if (this.asked) this.want(null);
    else if (this.unknown.length > 0) this.want(this.unknown);
  };

  private readonly asking = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.toLowerCase() === "w" && letters()) this.toggle();
    else if (event.key === "Escape" && this.asked) this.want(null);
  };

  private readonly pressed = (event: PointerEvent): void => {
    this.canvas.setPointerCapture(event.pointerId);
    this.held.set(event.pointerId, [event.clientX, event.clientY]);
    this.meant = this.held.size === 1 ? this.under(event) : [];
    this.travelled = 0;
  };

  /** What is in fog there, in the picture that is seen now: drawn for another size, it is stretched. */
  private under(event: PointerEvent): Unknown[] {
    const { canvas } = this;
    const box = canvas.getBoundingClientRect();
    const x = ((event.clientX - box.left) * canvas.width) / box.width;
    const y = ((event.clientY - box.top) * canvas.height) / box.height;
    const part = this.drawing?.fogAt(x, y) ?? null;
    return this.unknown.filter((u) => u.part === part);
  }

  private readonly moved = (event: PointerEvent): void => {
    const before = this.held.get(event.pointerId);
    if (before === undefined || this.drawing === null) return;
    const [dx, dy] = [event.clientX - before[0], event.clientY - before[1]];
    this.travelled += Math.abs(dx) + Math.abs(dy);
    if (this.held.size === 1) this.drawing.camera.turn(dx * TURN_PER_PX, dy * TURN_PER_PX, true);
    else {
      const other = [...this.held].find(([id]) => id !== event.pointerId)?.[1] ?? before;
      const apart = (x: number, y: number): number => Math.max(Math.hypot(x - other[0], y - other[1]), 1);
      this.drawing.camera.closer(apart(event.clientX, event.clientY) / apart(...before));
    }
    this.held.set(event.pointerId, [event.clientX, event.clientY]);
    this.repaint();
  };

  private readonly released = (event: PointerEvent): void => {
    const tapped = this.held.delete(event.pointerId) && this.travelled < TAP_PX && event.type === "pointerup";
    if (tapped && this.meant.length > 0) this.want(this.meant);
    this.meant = [];
  };

  private readonly rolled = (event: WheelEvent): void => {
    event.preventDefault();
    this.drawing?.camera.closer(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016)));
    this.repaint();
  };

  private readonly keyed = (event: KeyboardEvent): void => {
    const camera = this.drawing?.camera;
    if (camera === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const way = KEYS[event.key];
    if (way !== undefined) camera.turn(...way);
    else if (event.key === "+" || event.key === "=") camera.closer(1.15);
    else if (event.key === "-") camera.closer(1 / 1.15);
    else if (event.key === "0") camera.reset();
    else return;
    event.preventDefault();
    this.repaint();
  };
}

const MOST_OF_IT = 6;

function inFog(all: Told[]): unknown {
  const [first, ...more] = all.map((one) => one.short);
  if (first === undefined) return t("fog.none");
  if (more.length >= MOST_OF_IT) return html`${t("fog.most")} <kbd>w</kbd>`;
  const key = more.length === 0 ? "fog.in" : more.length === 1 ? "fog.and" : "fog.more";
  return html`${t(key, { name: first, other: more[0] ?? "", n: more.length })} <kbd>w</kbd>`;
}
