// The programs of the body's WebGL 2 viewer.

/** A bone: `own` takes its bind posture to the viewer. */
export const BONE_AT = `#version 300 es
  in vec3 at, normal;
  uniform mat4 own, lens; uniform float reach, foggy;
  out vec3 facing, towards; out float fog;
  void main() {
    vec4 seen = own * vec4(at * reach, 1.0);
    facing = mat3(own) * normal; towards = -seen.xyz; fog = foggy;
    gl_Position = lens * seen;
  }`;

/** What bends, in the world: skin, with its fog beside the normal. */
export const SKIN_AT = `#version 300 es
  in vec3 at; in vec4 normal;
  uniform mat4 view, lens;
  out vec3 facing, towards; out float fog;
  void main() {
    vec4 seen = view * vec4(at, 1.0);
    facing = mat3(view) * normal.xyz; towards = -seen.xyz; fog = normal.w;
    gl_Position = lens * seen;
  }`;

/** A tube, with its station beside the normal and its filling beside the colour. */
export const TUBE_AT = `#version 300 es
  in vec3 at; in vec4 normal, paint;
  uniform mat4 view, lens; uniform float inflate;
  out vec3 facing, towards, colour; out float along, filled, fog;
  void main() {
    vec4 seen = view * vec4(at + inflate * normal.xyz, 1.0);
    facing = mat3(view) * normal.xyz; towards = -seen.xyz;
    colour = paint.rgb; filled = paint.a * 255.0; along = normal.w * 127.0; fog = 1.0;
    gl_Position = lens * seen;
  }`;

/** A limb's shadow on the floor: a band with soft edges, darker the nearer the limb is. */
export const SHADOW_AT = `#version 300 es
  in vec4 ends; in vec3 wide;
  uniform mat4 view, lens; uniform float floor_;
  out vec2 across; out float length_, half_, near;
  void main() {
    vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0;
    vec2 a = ends.xy, b = ends.zw, way = b - a;
    length_ = length(way); way = length_ > 1e-4 ? way / length_ : vec2(1.0, 0.0);
    half_ = wide.x; near = corner.x < 0.0 ? wide.y : wide.z;
    across = vec2(corner.x < 0.0 ? -half_ : length_ + half_, corner.y * half_);
    vec2 on = a + way * across.x + vec2(-way.y, way.x) * across.y;
    gl_Position = lens * view * vec4(on.x, floor_, on.y, 1.0);
  }`;

export const SHADOW = `#version 300 es
  precision highp float;
  in vec2 across; in float length_, half_, near; out vec4 ink;
  uniform float solid;
  void main() {
    float away = length(vec2(max(max(-across.x, across.x - length_), 0.0), across.y)) / half_;
    float soft = clamp(1.0 - away, 0.0, 1.0);
    ink = vec4(0.0, 0.0, 0.0, solid * near * soft * soft * (3.0 - 2.0 * soft));
  }`;

const SHARED = `#version 300 es
  precision highp float;
  in vec3 facing, towards; in float fog; out vec4 ink;
  uniform vec3 fogColour, fogLine, ground;
  const vec3 sun = vec3(-0.42, 0.62, 0.66);
  // Between the light and a viewer straight ahead: the lens is narrow enough to take it so.
  const vec3 between = vec3(-0.2306, 0.3405, 0.9115);
  float hatch(float step_, float width) {
    float wave = mod(gl_FragCoord.x + gl_FragCoord.y, step_);
    return clamp(width - abs(wave - 0.5 * step_), 0.0, 1.0);
  }`;

export const BONE = `${SHARED}
  uniform vec3 bone, shade;
  void main() {
    vec3 n = normalize(facing); if (n.z < 0.0) n = -n;
    float light = 0.5 + 0.5 * dot(n, sun), rim = 1.0 - n.z;
    vec3 lit = mix(shade, bone, clamp(1.1 * light - 0.3 * rim * rim, 0.0, 1.0));
    ink = vec4(mix(lit, fogColour, 0.55 * fog), 1.0);
  }`;

/** `solid`: how much covers; `plain` 1: one colour, for what shines around a muscle. */
export const MUSCLE = `${SHARED}
  in vec3 colour; in float along, filled;
  uniform vec3 outline; uniform float solid, plain;
  void main() {
    vec3 n = normalize(facing); if (n.z < 0.0) n = -n;
    float light = 0.5 + 0.5 * dot(n, sun), shine = max(dot(n, between), 0.0);
    // To the 24th, without a logarithm.
    shine *= shine; shine *= shine; shine *= shine; shine *= shine * shine;
    vec3 lit = colour * (0.58 + 0.46 * light) + 0.10 * shine;
    if (filled > 1.5) lit = mix(lit, ground, 0.7 * step(0.62, fract(along * 0.9)));
    else if (filled > 0.5) lit = mix(lit, fogLine, 0.75 * hatch(7.0, 1.3));
    ink = vec4(mix(lit, outline, plain), 1.0) * solid;
  }`;

/** A rim of light where it is clear, a hatched veil where it is not known. */
export const SKIN = `${SHARED}
  uniform vec3 skin; uniform float veil;
  void main() {
    vec3 n = normalize(facing), t = normalize(towards);
    float across = abs(dot(n, t)), light = 0.5 + 0.5 * dot(n, sun);
    float edge = 1.0 - across, clear = 0.09 + 0.5 * edge * edge * sqrt(edge);
    vec3 fogged = mix(fogColour, fogLine, 0.5 * hatch(9.0, 1.2)) * (0.86 + 0.16 * light);
    float thick = smoothstep(0.02, 0.98, fog);
    ink = vec4(mix(skin, fogged, thick), 1.0) * mix(clear, veil, thick);
  }`;

/** Depth alone. */
export const NOTHING = `#version 300 es
  precision lowp float;
  out vec4 ink;
  void main() { ink = vec4(0.0); }`;
