// Draws the body of the page with WebGL 2: turned, moved and looked into by mouse, touch and keys.
(() => {
  "use strict";
  const canvas = document.getElementById("view");
  const gl = canvas.getContext("webgl2", { antialias: true, alpha: true });
  if (!gl) return; // The picture and the table stay.
  const body = JSON.parse(document.getElementById("data").textContent);
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const whole = (text) => new Uint16Array(bytes(text).buffer);
  const metres = (text) => Float32Array.from(whole(text), (v, i) => body.low[i % 3] + (v / 65535) * body.size[i % 3]);
  const told = document.getElementById("told"), tools = document.getElementById("tools");
  const shown = { skin: true, bones: true, others: false };
  const SIDES = 10, NOBODY = -2;

  // ---- shapes -----------------------------------------------------------------------------
  const sub = (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
  const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
  const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  const unit = (a) => { const n = Math.hypot(...a) || 1; return [a[0] / n, a[1] / n, a[2] / n]; };

  function normals(points, faces) {
    const out = new Float32Array(points.length);
    const at = (i) => points.subarray(3 * i, 3 * i + 3);
    for (let f = 0; f < faces.length; f += 3) {
      const a = at(faces[f]), n = cross(sub(at(faces[f + 1]), a), sub(at(faces[f + 2]), a));
      for (let k = 0; k < 3; k++) for (let j = 0; j < 3; j++) out[3 * faces[f + k] + j] += n[j];
    }
    for (let i = 0; i < out.length; i += 3) out.set(unit(out.subarray(i, i + 3)), i);
    return out;
  }
  // Thin at the tendons, full in the belly; the frame is carried along, so that a tube never twists.
  function tubes(chosen) {
    const n = body.stations, all = metres(body.paths), ring = n * SIDES;
    const points = new Float32Array(3 * ring * chosen.length), normal = new Float32Array(points.length);
    const muscle = new Float32Array(ring * chosen.length), faces = new Uint32Array(6 * (n - 1) * SIDES * chosen.length);
    let v = 0, f = 0;
    chosen.forEach((m, place) => {
      const at = (i) => [...all.subarray(3 * (m * n + i), 3 * (m * n + i) + 3)];
      let beside = null;
      for (let i = 0; i < n; i++) {
        const ahead = unit(sub(at(Math.min(i + 1, n - 1)), at(Math.max(i - 1, 0))));
        beside = beside || (Math.abs(ahead[2]) < 0.8 ? [0, 0, 1] : [1, 0, 0]);
        const along = dot(beside, ahead);
        beside = unit(beside.map((b, k) => b - along * ahead[k]));
        const above = cross(ahead, beside);
        const girth = body.muscles[m].radius * (0.32 + 0.68 * Math.sin(Math.PI * (i / (n - 1))) ** 0.8);
        for (let s = 0; s < SIDES; s++, v++) {
          const c = Math.cos((2 * Math.PI * s) / SIDES), d = Math.sin((2 * Math.PI * s) / SIDES);
          const out = beside.map((b, k) => b * c + above[k] * d), p = at(i);
          for (let k = 0; k < 3; k++) { normal[3 * v + k] = out[k]; points[3 * v + k] = p[k] + girth * out[k]; }
          muscle[v] = m;
        }
        if (i === n - 1) continue;
        const base = place * ring + i * SIDES;
        for (let s = 0; s < SIDES; s++) {
          const a = base + s, b = base + ((s + 1) % SIDES);
          faces.set([a, b, b + SIDES, a, b + SIDES, a + SIDES], f);
          f += 6;
        }
      }
    });
    return { points, normal, muscle, faces };
  }

  // How dark the floor is below: darkest where the body touches it.
  function floorShape(points) {
    const N = 72, edge = 0.25, low = [body.low[0] - edge, body.low[1] - edge];
    const step = [0, 1].map((k) => (body.size[k] + 2 * edge) / (N - 1));
    let dark = new Float32Array(N * N);
    for (let i = 0; i < points.length; i += 3) {
      const x = Math.round((points[i] - low[0]) / step[0]), y = Math.round((points[i + 1] - low[1]) / step[1]);
      dark[y * N + x] += Math.exp(-(points[i + 2] - body.low[2]) / 0.09) * step[0] * step[1];
    }
    for (let round = 0; round < 6; round++) {
      const soft = new Float32Array(N * N);
      for (let y = 1; y < N - 1; y++) for (let x = 1; x < N - 1; x++) {
        const i = y * N + x;
        soft[i] = (4 * dark[i] + 2 * (dark[i - 1] + dark[i + 1] + dark[i - N] + dark[i + N]) +
          dark[i - N - 1] + dark[i - N + 1] + dark[i + N - 1] + dark[i + N + 1]) / 16;
      }
      dark = soft;
    }
    const most = dark.reduce((a, b) => Math.max(a, b), 1e-9), at = [], up = [], faces = [];
    for (let y = 0; y < N; y++) for (let x = 0; x < N; x++) {
      at.push(low[0] + x * step[0], low[1] + y * step[1], body.low[2]); up.push(0, 0, 1);
      const i = y * N + x;
      if (x < N - 1 && y < N - 1) faces.push(i, i + 1, i + N + 1, i, i + N + 1, i + N);
    }
    return shape({ points: new Float32Array(at), normal: new Float32Array(up), faces: new Uint16Array(faces),
      extra: dark.map((d) => (d / most) ** 0.7) });
  }

  // ---- programs ---------------------------------------------------------------------------
  const vertex = `#version 300 es
    in vec3 point, normal; in float extra;
    uniform mat4 view, lens; uniform float inflate;
    out vec3 facing, towards; flat out int which; out float fog;
    invariant gl_Position;
    void main() {
      vec4 at = view * vec4(point + inflate * normal, 1.0);
      facing = mat3(view) * normal; towards = -at.xyz; which = int(extra + 0.5); fog = extra;
      gl_Position = lens * at;
    }`;
  const shared = `#version 300 es
    precision highp float; precision highp int;
    in vec3 facing, towards; flat in int which; in float fog; out vec4 ink;
    uniform vec3 fogColour, fogLine;
    const vec3 sun = vec3(-0.42, 0.62, 0.66) / 0.9987;
    vec3 hatched() {
      float wave = mod(gl_FragCoord.x + gl_FragCoord.y, 11.0);
      return mix(fogColour, fogLine, clamp(1.6 - abs(wave - 5.5), 0.0, 1.0));
    }`;
  const paints = {
    bone: `uniform vec3 bone, shade;
      void main() {
        vec3 n = normalize(facing); if (dot(n, towards) < 0.0) n = -n;
        float light = 0.5 + 0.5 * dot(n, sun), rim = pow(1.0 - abs(dot(n, normalize(towards))), 2.0);
        vec3 colour = mix(shade, bone, clamp(1.06 * light - 0.22 * rim, 0.0, 1.0));
        ink = vec4(mix(colour, hatched() * (0.75 + 0.25 * light), 0.9 * step(0.5, fog)), 1.0);
      }`,
    muscle: `uniform sampler2D table; uniform int chosen; uniform float solid; uniform int plain; uniform vec3 outline;
      void main() {
        vec4 known = texelFetch(table, ivec2(which, 0), 0), mine = texelFetch(table, ivec2(which, 1), 0);
        int group = int(mine.r * 255.0 + 0.5) - 1;
        if (plain == 1) { ink = vec4(outline, 1.0); return; }
        vec3 n = normalize(facing); if (dot(n, towards) < 0.0) n = -n;
        float light = 0.5 + 0.5 * dot(n, sun);
        vec3 base = known.a < 0.5 ? hatched() : known.rgb;
        vec3 colour = base * (0.60 + 0.50 * light) + 0.9 * clamp(light - 0.87, 0.0, 1.0);
        colour *= 1.0 - 0.25 * pow(1.0 - abs(dot(n, normalize(towards))), 2.0);
        bool away = chosen >= 0 && group != chosen;
        if (away) colour = mix(colour, vec3(dot(colour, vec3(0.33)) * 0.35 + 0.5), 0.8);
        ink = vec4(colour, 1.0) * (chosen >= 0 && !away && solid > 0.5 ? 1.0 : solid);
      }`,
    skin: `uniform vec3 skin, edge; uniform float thin;
      void main() {
        vec3 n = normalize(facing); float straight = abs(dot(n, normalize(towards)));
        float rim = pow(1.0 - straight, 1.6), light = 0.5 + 0.5 * dot(n, sun);
        vec3 colour = mix(skin, edge, clamp(rim, 0.0, 1.0)) * (0.76 + 0.38 * light);
        float cover = thin * clamp(0.13 + 0.62 * rim, 0.0, 0.8);
        if (fog > 0.5) { colour = hatched(); cover = max(cover, 0.55); }
        ink = vec4(colour, 1.0) * cover;
      }`,
    floor: "void main() { ink = vec4(0.09, 0.13, 0.17, 1.0) * (0.26 * fog); }",
    pick: "void main() { int id = which + 1; ink = vec4(float(id & 255), float(id >> 8), 0.0, 255.0) / 255.0; }",
    nothing: "void main() { ink = vec4(0.0); }",
  };
  function program(paint) {
    const made = gl.createProgram();
    for (const [kind, text] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, shared + "\n" + paint]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, text); gl.compileShader(shader); gl.attachShader(made, shader);
      if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader));
    }
    ["point", "normal", "extra"].forEach((name, i) => gl.bindAttribLocation(made, i, name));
    gl.linkProgram(made);
    const places = new Map();
    return { made, place: (name) => {
      if (!places.has(name)) places.set(name, gl.getUniformLocation(made, name));
      return places.get(name);
    } };
  }
  function shape({ points, normal, extra, faces }) {
    const kept = gl.createVertexArray();
    gl.bindVertexArray(kept);
    [[points, 3], [normal, 3], [extra, 1]].forEach(([values, size], i) => {
      gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
      gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
      gl.enableVertexAttribArray(i);
      gl.vertexAttribPointer(i, size, gl.FLOAT, false, 0, 0);
    });
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, faces, gl.STATIC_DRAW);
    return { kept, count: faces.length, kind: faces instanceof Uint16Array ? gl.UNSIGNED_SHORT : gl.UNSIGNED_INT };
  }
  function meshShape(mesh) {
    const points = metres(mesh.points), faces = whole(mesh.faces);
    return shape({ points, normal: normals(points, faces), extra: Float32Array.from(bytes(mesh.fog)), faces });
  }
  function tubeShape(chosen) {
    const { points, normal, muscle, faces } = tubes(chosen);
    return shape({ points, normal, extra: muscle, faces });
  }

  let programs, things, table, picking;
  function prepare() {
    programs = Object.fromEntries(Object.entries(paints).map(([name, text]) => [name, program(text)]));
    const every = body.muscles.map((_, i) => i), grouped = (i) => body.muscles[i].group >= 0;
    const target = (i) => grouped(i) && body.groups[body.muscles[i].group].target;
    things = {
      bones: meshShape(body.bones), skin: meshShape(body.skin), floor: floorShape(metres(body.skin.points)),
      grouped: tubeShape(every.filter((i) => grouped(i) && !target(i))),
      targets: tubeShape(every.filter(target)),
      others: tubeShape(every.filter((i) => !grouped(i))),
    };
    // Row 0: colour and whether known; row 1: the group, counted from one.
    const n = body.muscles.length, texels = new Uint8Array(8 * n);
    body.muscles.forEach((m, i) => {
      const group = body.groups[m.group];
      texels.set(group ? [...group.colour, group.known ? 255 : 0] : [...body.look.unknown, 255], 4 * i);
      texels.set([m.group + 1, 0, 0, 255], 4 * (n + i));
    });
    table = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, table);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, n, 2, 0, gl.RGBA, gl.UNSIGNED_BYTE, texels);
    for (const side of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, side, gl.NEAREST);
    picking = { frame: gl.createFramebuffer(), colour: gl.createRenderbuffer(), depth: gl.createRenderbuffer(), of: "" };
    gl.enable(gl.DEPTH_TEST);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  // ---- camera -----------------------------------------------------------------------------
  const middle = body.low.map((v, k) => v + body.size[k] / 2), LENS = (22 * Math.PI) / 180;
  const begin = { yaw: (body.yaw * Math.PI) / 180, pitch: 0.12, near: 1, move: [0, 0] };
  let at = { ...begin }, chosen = NOBODY, pinned = NOBODY;
  // How far away everything is seen, whatever the shape of the window.
  function reach() {
    const [x, y, z] = body.size.map((s) => s / 2), aspect = canvas.width / canvas.height;
    const wide = Math.abs(x * Math.cos(at.yaw)) + Math.abs(y * Math.sin(at.yaw));
    const deep = Math.hypot(x, y), tall = z * Math.cos(at.pitch) + deep * Math.abs(Math.sin(at.pitch));
    return (Math.max(1.1 * tall, (1.08 * Math.max(wide, 0.7 * deep)) / aspect) / Math.tan(LENS / 2) + deep) / at.near;
  }
  function axes() {
    const { yaw, pitch } = at;
    const towards = [Math.sin(yaw) * Math.cos(pitch), -Math.cos(yaw) * Math.cos(pitch), Math.sin(pitch)];
    const right = [Math.cos(yaw), Math.sin(yaw), 0];
    return [right, cross(towards, right), towards];
  }
  function matrices() {
    const [r, u, t] = axes(), far = reach(), aspect = canvas.width / canvas.height;
    const view = new Float32Array([r[0], u[0], t[0], 0, r[1], u[1], t[1], 0, r[2], u[2], t[2], 0,
      at.move[0] - dot(r, middle), at.move[1] - dot(u, middle), -dot(t, middle) - far, 1]);
    const near = Math.max(far - 3, 0.05), back = far + 3, f = 1 / Math.tan(LENS / 2);
    const lens = new Float32Array([f / aspect, 0, 0, 0, 0, f, 0, 0, 0, 0, (back + near) / (near - back), -1,
      0, 0, (2 * back * near) / (near - back), 0]);
    lens[9] = -0.045; // The tools below take room: the body stands a little higher.
    return { view, lens };
  }

  // ---- drawing ----------------------------------------------------------------------------
  let camera;
  function draw(name, thing, numbers = {}, whole = {}) {
    const p = programs[name];
    gl.useProgram(p.made);
    gl.uniformMatrix4fv(p.place("view"), false, camera.view);
    gl.uniformMatrix4fv(p.place("lens"), false, camera.lens);
    for (const [key, colour] of [["fogColour", "fog"], ["fogLine", "fogLine"], ["bone", "bone"], ["shade", "boneShade"],
      ["skin", "skin"], ["edge", "skinEdge"], ["outline", "outline"]])
      if (p.place(key)) gl.uniform3fv(p.place(key), body.look[colour].map((v) => v / 255));
    for (const [key, value] of Object.entries({ inflate: 0, solid: 1, thin: 1, ...numbers })) gl.uniform1f(p.place(key), value);
    for (const [key, value] of Object.entries({ plain: 0, chosen, table: 0, ...whole })) gl.uniform1i(p.place(key), value);
    gl.bindVertexArray(thing.kept);
    gl.drawElements(gl.TRIANGLES, thing.count, thing.kind, 0);
  }
  function paint() {
    fit();
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.depthMask(true);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    camera = matrices();
    gl.enable(gl.BLEND); gl.depthFunc(gl.LEQUAL);
    if (at.pitch > 0.01) { gl.depthMask(false); draw("floor", things.floor); gl.depthMask(true); }
    if (shown.bones) draw("bone", things.bones);
    // Targets first and with a dark edge, told by shape too; the others then step back a little.
    const aimed = things.targets.count > 0, edge = 1.5 * (window.devicePixelRatio > 1 ? 1.2 : 1) * perPixel();
    draw("muscle", things.targets);
    gl.enable(gl.CULL_FACE); gl.cullFace(gl.FRONT);
    draw("muscle", things.targets, { inflate: edge }, { plain: 1 });
    gl.disable(gl.CULL_FACE);
    for (const name of shown.others ? ["grouped", "others"] : ["grouped"]) {
      // Depth first: of what lies behind itself nothing shows through.
      gl.colorMask(false, false, false, false); draw("nothing", things[name]); gl.colorMask(true, true, true, true);
      draw("muscle", things[name], { solid: aimed ? 0.66 : 1 });
    }
    // And they shine through what lies before them.
    gl.depthMask(false); gl.depthFunc(gl.GREATER);
    draw("muscle", things.targets, { solid: 0.34 });
    gl.depthFunc(gl.LEQUAL);
    if (shown.skin) {
      gl.depthMask(true); gl.colorMask(false, false, false, false);
      draw("nothing", things.skin);
      gl.colorMask(true, true, true, true); gl.depthMask(false);
      draw("skin", things.skin);
      gl.depthMask(true);
    }
    gl.disable(gl.BLEND); gl.depthMask(true);
  }
  function fit() {
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const width = Math.max(Math.round(canvas.clientWidth * ratio), 1), height = Math.max(Math.round(canvas.clientHeight * ratio), 1);
    if (canvas.width !== width || canvas.height !== height) { canvas.width = width; canvas.height = height; }
  }
  let waiting = false;
  function repaint() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; if (!gl.isContextLost()) paint(); });
  }
  // Numbers of the muscles in place of their colours, drawn anew only where the view has changed.
  function drawNumbers() {
    const now = JSON.stringify([at, shown, canvas.width, canvas.height]);
    if (now === picking.of) return;
    picking.of = now;
    for (const [buffer, format, place] of [[picking.colour, gl.RGBA8, gl.COLOR_ATTACHMENT0], [picking.depth, gl.DEPTH_COMPONENT16, gl.DEPTH_ATTACHMENT]]) {
      gl.bindRenderbuffer(gl.RENDERBUFFER, buffer);
      gl.renderbufferStorage(gl.RENDERBUFFER, format, canvas.width, canvas.height);
      gl.framebufferRenderbuffer(gl.FRAMEBUFFER, place, gl.RENDERBUFFER, buffer);
    }
    gl.clearColor(0, 0, 0, 0); gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    // A bone covers what lies behind it; targets are seen and pointed at through everything.
    if (shown.bones) draw("nothing", things.bones);
    draw("pick", things.grouped, { inflate: 0.001 });
    if (shown.others) draw("pick", things.others);
    if (things.targets.count) { gl.clear(gl.DEPTH_BUFFER_BIT); draw("pick", things.targets, { inflate: 0.002 }); }
  }
  // Which muscle lies under a point of the canvas; -1: none.
  function under(event) {
    if (!camera) return -1;
    const box = canvas.getBoundingClientRect(), read = new Uint8Array(4);
    const x = Math.floor(((event.clientX - box.left) / box.width) * canvas.width);
    const y = canvas.height - 1 - Math.floor(((event.clientY - box.top) / box.height) * canvas.height);
    gl.bindFramebuffer(gl.FRAMEBUFFER, picking.frame);
    drawNumbers();
    gl.readPixels(x, y, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, read);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    return read[0] + 256 * read[1] - 1;
  }

  // ---- what is pointed at -----------------------------------------------------------------
  const cells = [...document.querySelectorAll("[data-group]")];
  function tell(group, muscle = -1) {
    const known = body.groups[group], one = body.muscles[muscle];
    told.textContent = known ? known.told : one ? `${one.name}: ${one.mm.toFixed(0)} mm` : "";
    if (one) {
      const small = document.createElement("small");
      small.textContent = known ? `${one.name} alone: ${one.mm.toFixed(0)} mm` : "of its range nothing is said";
      told.append(small);
    }
    for (const cell of cells) cell.classList.toggle("pointed", Number(cell.dataset.group) === group);
    if (chosen !== group) { chosen = group; repaint(); }
  }
  const back = () => tell(pinned);
  for (const cell of cells) {
    const group = Number(cell.dataset.group);
    cell.addEventListener("pointerenter", () => tell(group));
    cell.addEventListener("pointerleave", back);
    cell.addEventListener("focus", () => tell(group));
    cell.addEventListener("blur", back);
    cell.addEventListener("click", () => pin(pinned === group ? NOBODY : group));
  }
  function pin(group) {
    pinned = group;
    for (const cell of cells) cell.setAttribute("aria-pressed", String(Number(cell.dataset.group) === group));
    tell(group);
  }

  // ---- hands ------------------------------------------------------------------------------
  const held = new Map();
  let travelled = 0;
  const perPixel = () => (2 * reach() * Math.tan(LENS / 2)) / canvas.clientHeight;
  function turn(dx, dy) { at.yaw -= dx; at.pitch = Math.max(-1.5, Math.min(1.5, at.pitch + dy)); repaint(); }
  function move(dx, dy) { const scale = perPixel(); at.move = [at.move[0] + dx * scale, at.move[1] - dy * scale]; repaint(); }
  function closer(factor) { at.near = Math.max(0.4, Math.min(12, at.near * factor)); repaint(); }
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    held.set(event.pointerId, [event.clientX, event.clientY]);
    travelled = 0;
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = held.get(event.pointerId);
    if (!before) {
      if (event.pointerType === "touch") return;
      const muscle = under(event);
      if (muscle < 0) back(); else tell(body.muscles[muscle].group, muscle);
      return;
    }
    const now = [event.clientX, event.clientY], dx = now[0] - before[0], dy = now[1] - before[1];
    travelled += Math.abs(dx) + Math.abs(dy);
    if (held.size === 1) {
      if (event.shiftKey || event.buttons & 6) move(dx, dy); else turn(dx * 0.008, dy * 0.008);
    } else {
      const other = [...held].find(([id]) => id !== event.pointerId)[1];
      const apart = (p) => Math.hypot(p[0] - other[0], p[1] - other[1]);
      closer(apart(now) / Math.max(apart(before), 1));
      move(dx / 2, dy / 2);
    }
    held.set(event.pointerId, now);
  });
  function released(event) {
    const tapped = held.delete(event.pointerId) && travelled < 6 && event.type === "pointerup";
    if (!tapped) return;
    const muscle = under(event);
    pin(muscle < 0 ? NOBODY : body.muscles[muscle].group);
    if (muscle >= 0) tell(body.muscles[muscle].group, muscle);
  }
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, released);
  canvas.addEventListener("pointerleave", () => { if (!held.size) back(); });
  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    closer(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016)));
  }, { passive: false });
  const reset = () => { at = { ...begin, move: [0, 0] }; repaint(); };
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (way && event.shiftKey) move(30 * way[0], 30 * way[1]);
    else if (way) turn(0.12 * way[0], 0.12 * way[1]);
    else if (event.key === "+" || event.key === "=") closer(1.15);
    else if (event.key === "-") closer(1 / 1.15);
    else if (event.key === "0") reset();
    else if (event.key === "Escape") pin(NOBODY);
    else return;
    event.preventDefault();
  });
  tools.addEventListener("click", (event) => {
    const { yaw, do: what } = event.target.dataset;
    if (yaw !== undefined) { at.yaw = (Number(yaw) * Math.PI) / 180; at.pitch = begin.pitch; repaint(); }
    else if (what === "reset") reset();
    else if (what) closer(what === "in" ? 1.25 : 0.8);
  });
  for (const name of Object.keys(shown)) {
    const box = document.getElementById(name);
    shown[name] = box.checked;
    box.addEventListener("change", () => { shown[name] = box.checked; repaint(); });
  }
  canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
  canvas.addEventListener("webglcontextrestored", () => { prepare(); repaint(); });
  new ResizeObserver(repaint).observe(canvas);

  try {
    prepare();
  } catch (fault) {
    console.error(fault);
    return; // A driver that cannot compile the programs: the picture stays.
  }
  canvas.hidden = tools.hidden = false;
  document.getElementById("picture").hidden = true;
  repaint();
})();
