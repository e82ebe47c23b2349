// Draws a scene with WebGL 2: bones, muscles as tubes, a veil of skin, and fog. A viewer of our own;
// decision 0052 says why.
import { hasCard } from "../card";
import type { Rgb, Theme } from "./look";
import { type Pack, VERTEX_BYTES } from "./pack";
import type { Scene } from "./scene";
import {
  BONE, BONE_AT, MUSCLE, NOTHING, SHADOW, SHADOW_AT, SKIN, SKIN_AT, TUBE_AT,
} from "./shaders";
import { Skin, SKIN_BYTES, TUBE_BYTES, tubeFaces, tubeIndices, Tubes } from "./soft";

const VEIL = 0.8;
const ARM_VEIL = 0.34;
const SHADOW_SOLID = 0.2;
const SHADOW_FLOATS = 7;
const SHADOW_HEIGHT_M = 0.22;
const ARMS = 2;
const ATTRIBUTES = ["at", "normal", "paint", "ends", "wide"] as const;

interface Program {
  made: WebGLProgram;
  place(name: string): WebGLUniformLocation | null;
}

interface Shape {
  kept: WebGLVertexArrayObject;
  vertices: WebGLBuffer;
  count: number;
}

/** Name, numbers, kind, whether it is a share, and its place in a vertex. */
type Layout = readonly (readonly [(typeof ATTRIBUTES)[number], number, number, boolean, number])[];

/** Uniforms by name: a number, or a colour. */
type Given = Record<string, number | Rgb>;

export class Viewer {
  private readonly programs: Record<"bone" | "muscle" | "skin" | "arm" | "shadow" | "depth", Program>;
  private readonly bones: Shape;
  private readonly skin: Shape;
  private readonly tubes: Shape;
  private readonly shadows: Shape;
  private readonly skinned: Skin;
  private readonly rolled: Tubes;
  private readonly pieces: Pack["bone_pieces"];
  private readonly every: 1 | 2;
  private sync: WebGLSync | null = null;

  /** Null where the browser has no WebGL 2; throws where a driver cannot compile the programs. */
  static open(canvas: HTMLCanvasElement, pack: Pack, scale: number): Viewer | null {
    // Without a graphics card smooth edges would cost more than they are worth.
    const gl = canvas.getContext("webgl2", {
      alpha: true,
      powerPreference: "low-power",
      antialias: hasCard(),
    });
    return gl === null ? null : new Viewer(gl, pack, scale);
  }

  private constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly pack: Pack,
    private readonly scale: number,
  ) {
    this.programs = {
      bone: this.program(BONE_AT, BONE),
      muscle: this.program(TUBE_AT, MUSCLE),
      skin: this.program(SKIN_AT, SKIN),
      depth: this.program(SKIN_AT, NOTHING),
      arm: this.program(TUBE_AT, SKIN),
      shadow: this.program(SHADOW_AT, SHADOW),
    };
    const count = pack.muscles.length + ARMS;
    this.every = this.smooth ? 1 : 2;
    const [faces, pieces] = this.smooth
      ? [pack.boneFaces, pack.bone_pieces]
      : [pack.boneCoarse, pack.coarse_pieces];
    this.pieces = pieces;
    this.skinned = new Skin(pack, scale);
    this.rolled = new Tubes(count);
    this.bones = this.shape(VERTEX_BYTES, faces, [
      ["at", 3, gl.SHORT, true, 0],
      ["normal", 3, gl.BYTE, true, 8],
    ]);
    gl.bufferData(gl.ARRAY_BUFFER, pack.boneVertices, gl.STATIC_DRAW);
    this.skin = this.shape(SKIN_BYTES, pack.skinFaces, [
      ["at", 3, gl.FLOAT, false, 0],
      ["normal", 4, gl.BYTE, true, 12],
    ]);
    this.tubes = this.shape(TUBE_BYTES, tubeFaces(count, this.every), [
      ["at", 3, gl.FLOAT, false, 0],
      ["normal", 4, gl.BYTE, true, 12],
      ["paint", 4, gl.UNSIGNED_BYTE, true, 16],
    ]);
    this.shadows = this.shape(4 * SHADOW_FLOATS, new Uint16Array([0, 1, 2, 2, 1, 3]), [
      ["ends", 4, gl.FLOAT, false, 0],
      ["wide", 3, gl.FLOAT, false, 16],
    ]);
    for (const name of ["ends", "wide"] as const) gl.vertexAttribDivisor(ATTRIBUTES.indexOf(name), 1);
    gl.enable(gl.DEPTH_TEST);
    gl.depthFunc(gl.LEQUAL);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    // The picture is a mirror image, so what turns left turns right.
    gl.frontFace(gl.CW);
  }

  /** True where edges are drawn smooth: a graphics card is there. */
  get smooth(): boolean {
    return this.gl.getContextAttributes()?.antialias ?? false;
  }

  get lost(): boolean {
    return this.gl.isContextLost();
  }

  close(): void {
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }

  /** Whether the last picture is still being drawn: another one would only wait behind it. */
  get busy(): boolean {
    if (this.sync === null || this.lost) return false;
    const state = this.gl.clientWaitSync(this.sync, 0, 0);
    if (state === this.gl.TIMEOUT_EXPIRED) return true;
    this.gl.deleteSync(this.sync);
    this.sync = null;
    return false;
  }

  draw(scene: Scene, theme: Theme, pulse: number): void {
    const { gl } = this;
    const { width, height } = gl.canvas;
    gl.viewport(0, 0, width, height);
    gl.depthMask(true);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    this.load(this.skin, this.skinned.bend(scene));
    this.load(this.tubes, this.rolled.roll(scene));
    for (const program of Object.values(this.programs)) {
      gl.useProgram(program.made);
      gl.uniformMatrix4fv(program.place("view"), false, scene.look.view);
      gl.uniformMatrix4fv(program.place("lens"), false, scene.look.lens);
      this.give(program, { fogColour: theme.fog, fogLine: theme.fogLine, ground: theme.ground });
    }
    this.shadow(scene);
    this.bone(scene, theme);
    this.muscles(scene, theme, pulse);
    this.veil(scene, theme);
    this.sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
  }

  private shadow(scene: Scene): void {
    const { gl } = this;
    const rows = scene.limbs.flatMap(({ ends: [a, b], half }) => {
      const near = (p: number[]): number => Math.exp(-((p[1] ?? 0) - scene.floor) / SHADOW_HEIGHT_M);
      return [a[0] ?? 0, a[2] ?? 0, b[0] ?? 0, b[2] ?? 0, 2.1 * half, near(a), near(b)];
    });
    this.load(this.shadows, new Float32Array(rows).buffer);
    const program = this.begin("shadow", { solid: SHADOW_SOLID, floor_: scene.floor - 0.006 });
    gl.enable(gl.BLEND);
    gl.blendEquation(gl.MAX); // Two limbs are no darker than the darker one.
    gl.depthMask(false);
    gl.useProgram(program.made);
    gl.bindVertexArray(this.shadows.kept);
    gl.drawElementsInstanced(gl.TRIANGLES, 6, gl.UNSIGNED_SHORT, 0, scene.limbs.length);
    gl.blendEquation(gl.FUNC_ADD);
    gl.disable(gl.BLEND);
    gl.depthMask(true);
  }

  private bone(scene: Scene, theme: Theme): void {
    const { gl } = this;
    const reach = this.pack.reach_m * this.scale;
    const program = this.begin("bone", { bone: theme.bone, shade: theme.boneShade, reach });
    gl.bindVertexArray(this.bones.kept);
    for (const [bone, part, first, count] of this.pieces) {
      gl.uniformMatrix4fv(program.place("own"), false, seen(scene, bone));
      gl.uniform1f(program.place("foggy"), scene.fog[part] ?? 0);
      gl.drawElements(gl.TRIANGLES, 3 * count, gl.UNSIGNED_SHORT, 6 * first);
    }
  }

  private muscles(scene: Scene, theme: Theme, pulse: number): void {
    const { gl } = this;
    const { others, targets } = scene.counts;
    const pixel = 1 / scene.look.perMetre;
    const whole = { solid: 1, plain: 0, inflate: 0 };
    this.tubesAs("muscle", 0, others + targets, whole);
    if (targets === 0) return;
    // An edge tells a target by shape too; inside the window it shines.
    gl.enable(gl.CULL_FACE);
    gl.cullFace(gl.FRONT);
    const edge = scene.glowing ? theme.inWindow : edgeOf(theme);
    this.tubesAs("muscle", others, targets, { solid: 1, plain: 1, inflate: 1.3 * pixel, outline: edge });
    gl.enable(gl.BLEND);
    gl.depthMask(false);
    if (scene.glowing)
      for (const [size, solid] of [[9, 0.16], [5.5, 0.3]] as const)
        this.tubesAs("muscle", others, targets, {
          solid: solid * pulse, plain: 1, inflate: size * pixel, outline: theme.inWindow,
        });
    gl.cullFace(gl.BACK);
    // And they shine through what lies before them.
    gl.depthFunc(gl.GREATER);
    this.tubesAs("muscle", others, targets, { ...whole, solid: 0.3 });
    gl.depthFunc(gl.LEQUAL);
    gl.disable(gl.CULL_FACE);
    gl.disable(gl.BLEND);
    gl.depthMask(true);
  }

  private veil(scene: Scene, theme: Theme): void {
    const { gl } = this;
    const first = scene.counts.others + scene.counts.targets;
    gl.enable(gl.CULL_FACE);
    gl.cullFace(gl.BACK);
    if (this.smooth) {
      // Depth first: of what lies behind itself nothing shows through.
      gl.colorMask(false, false, false, false);
      this.begin("depth", {});
      this.skinAgain();
      gl.colorMask(true, true, true, true);
    }
    gl.enable(gl.BLEND);
    gl.depthMask(!this.smooth);
    this.begin("skin", { skin: theme.skin, veil: VEIL });
    this.skinAgain();
    this.tubesAs("arm", first, scene.counts.arms, { inflate: 0, skin: theme.skin, veil: ARM_VEIL });
    gl.disable(gl.CULL_FACE);
    gl.disable(gl.BLEND);
  }

  private skinAgain(): void {
    this.gl.bindVertexArray(this.skin.kept);
    this.gl.drawElements(this.gl.TRIANGLES, this.skin.count, this.gl.UNSIGNED_SHORT, 0);
  }

  private tubesAs(how: "muscle" | "arm", first: number, count: number, given: Given): void {
    this.begin(how, given);
    this.gl.bindVertexArray(this.tubes.kept);
    const one = tubeIndices(this.every);
    this.gl.drawElements(
      this.gl.TRIANGLES, one * count, this.gl.UNSIGNED_SHORT, 2 * one * first,
    );
  }

  private begin(how: keyof Viewer["programs"], given: Given): Program {
    const program = this.programs[how];
    this.gl.useProgram(program.made);
    this.give(program, given);
    return program;
  }

  private give(program: Program, given: Given): void {
    for (const [name, value] of Object.entries(given)) {
      const at = program.place(name);
      if (typeof value === "number") this.gl.uniform1f(at, value);
      else this.gl.uniform3f(at, value[0] / 255, value[1] / 255, value[2] / 255);
    }
  }

  private load(shape: Shape, vertices: ArrayBuffer): void {
    this.gl.bindBuffer(this.gl.ARRAY_BUFFER, shape.vertices);
    this.gl.bufferData(this.gl.ARRAY_BUFFER, vertices, this.gl.DYNAMIC_DRAW);
  }

  private shape(stride: number, faces: Uint16Array, layout: Layout): Shape {
    const { gl } = this;
    const kept = gl.createVertexArray();
    gl.bindVertexArray(kept);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, faces, gl.STATIC_DRAW);
    const vertices = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, vertices);
    for (const [name, size, kind, share, at] of layout) {
      const place = ATTRIBUTES.indexOf(name);
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, size, kind, share, stride, at);
    }
    return { kept, vertices, count: faces.length };
  }

  private program(vertex: string, fragment: string): Program {
    const { gl } = this;
    const made = gl.createProgram();
    for (const [kind, text] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]] as const) {
      const shader = gl.createShader(kind);
      if (shader === null) throw new Error("no shader");
      gl.shaderSource(shader, text);
      gl.compileShader(shader);
      if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS))
        throw new Error(gl.getShaderInfoLog(shader) ?? "a shader that is not compiled");
      gl.attachShader(made, shader);
    }
    ATTRIBUTES.forEach((name, place) => gl.bindAttribLocation(made, place, name));
    gl.linkProgram(made);
    if (!gl.getProgramParameter(made, gl.LINK_STATUS))
      throw new Error(gl.getProgramInfoLog(made) ?? "programs that do not fit");
    const places = new Map<string, WebGLUniformLocation | null>();
    return {
      made,
      place: (name) => {
        if (!places.has(name)) places.set(name, gl.getUniformLocation(made, name));
        return places.get(name) ?? null;
      },
    };
  }
}

/** (16) bind posture of a bone to the viewer, column by column. */
function seen(scene: Scene, bone: number): Float32Array {
  const v = scene.look.view;
  const m = scene.pose.subarray(12 * bone, 12 * bone + 12);
  const out = new Float32Array(16);
  for (let r = 0; r < 3; r += 1)
    for (let c = 0; c < 4; c += 1) {
      let sum = c === 3 ? (v[12 + r] ?? 0) : 0;
      for (let k = 0; k < 3; k += 1) sum += (v[4 * k + r] ?? 0) * (m[4 * k + c] ?? 0);
      out[4 * c + r] = sum;
    }
  out[15] = 1;
  return out;
}

/** The edge of a target that is not inside: dark on light, light on dark. */
function edgeOf(theme: Theme): Rgb {
  return theme.dark ? [250, 214, 196] : [104, 52, 34];
}
