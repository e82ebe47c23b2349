// Draws the plots of the debug page: one time axis for all, moved by keys, buttons and dragging.
(() => {
  "use strict";
  const trace = JSON.parse(document.getElementById("data").textContent);
  const floats = (text) => {
    const raw = atob(text), bytes = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
    return new Float32Array(bytes.buffer);
  };
  const t = floats(trace.t), n = t.length, whole = [0, Math.max(t[n - 1], 1e-3)];
  let [from, to] = whole, at = null;
  const panels = [], shown = new Set();
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
  const LEFT = 46, BOTTOM = 16;

  const make = (tag, parent, text) => {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    if (parent) parent.append(made);
    return made;
  };
  const said = (value) => (Number.isFinite(value) ? value.toFixed(Math.abs(value) < 10 ? 2 : 1) : "–");
  const nearest = (time) => {
    let low = 0, high = n - 1;
    while (low < high) { const middle = (low + high) >> 1; if (t[middle] < time) low = middle + 1; else high = middle; }
    return low > 0 && time - t[low - 1] < t[low] - time ? low - 1 : low;
  };
  const span = () => [Math.max(nearest(from) - 1, 0), Math.min(nearest(to) + 1, n - 1)];

  function canvasOf(parent, label, height) {
    const canvas = make("canvas", parent);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", label);
    if (height) canvas.style.height = height + "px";
    return canvas;
  }
  function pen(canvas) {
    const ratio = window.devicePixelRatio || 1, box = canvas.getBoundingClientRect();
    canvas.width = Math.round(box.width * ratio);
    canvas.height = Math.round(box.height * ratio);
    const draw = canvas.getContext("2d");
    draw.scale(ratio, ratio);
    draw.font = "11px system-ui, sans-serif";
    draw.textBaseline = "middle";
    return { draw, width: box.width, height: box.height };
  }
  function niceStep(range, most) {
    const power = 10 ** Math.floor(Math.log10(range / most));
    return [1, 2, 5, 10].map((k) => k * power).find((step) => range / step <= most);
  }
  function quantile(values, share) {
    if (!values.length) return NaN;
    const sorted = Float32Array.from(values).sort();
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  }

  // A plot's axes: returns the two scales.
  function axes(area, low, high) {
    const { draw, width, height } = area, deep = height - BOTTOM;
    const x = (time) => LEFT + ((time - from) / (to - from)) * (width - LEFT);
    const y = (value) => deep - 2 - ((value - low) / (high - low)) * (deep - 8);
    draw.strokeStyle = colour("--line");
    draw.fillStyle = colour("--quiet");
    draw.textAlign = "right";
    const step = niceStep(high - low, 4);
    for (let v = Math.ceil(low / step) * step; v <= high + 1e-9; v += step) {
      draw.beginPath(); draw.moveTo(LEFT, y(v)); draw.lineTo(width, y(v)); draw.stroke();
      draw.fillText(String(+v.toFixed(6)), LEFT - 5, y(v));
    }
    draw.textAlign = "center";
    const tick = steps.find((s) => (to - from) / s <= Math.max(width / 90, 2)) || 3600;
    for (let s = Math.ceil((from + trace.t0) / tick) * tick; s <= to + trace.t0; s += tick) {
      const place = x(s - trace.t0);
      if (place > LEFT + 8 && place < width - 14) draw.fillText(+s.toFixed(2) + " s", place, height - 7);
    }
    draw.save();
    draw.beginPath(); draw.rect(LEFT, 0, width - LEFT, deep); draw.clip();
    return { x, y };
  }
  function strip(draw, x, y, i0, i1, low, high) {
    for (let i = i0; i <= i1; ) {
      while (i <= i1 && !Number.isFinite(low[i] + high[i])) i++;
      const begin = i;
      while (i <= i1 && Number.isFinite(low[i] + high[i])) i++;
      if (i === begin) continue;
      draw.beginPath();
      for (let k = begin; k < i; k++) draw.lineTo(x(t[k]), y(high[k]));
      for (let k = i - 1; k >= begin; k--) draw.lineTo(x(t[k]), y(low[k]));
      draw.closePath(); draw.fill();
    }
  }
  function cursor(area, scales) {
    area.draw.restore();
    if (at === null) return;
    const { draw, height } = area, place = scales.x(t[at]);
    draw.strokeStyle = colour("--ink");
    draw.beginPath(); draw.moveTo(place, 0); draw.lineTo(place, height - BOTTOM); draw.stroke();
  }

  function drawReading(panel) {
    // Values fill at least a quarter of the height: a band much wider than they are goes beyond it.
    const area = pen(panel.canvas), { draw } = area, [i0, i1] = span(), sds = [], sizes = [];
    for (let i = i0; i <= i1; i++) {
      if (Number.isFinite(panel.sd[i])) sds.push(panel.sd[i]);
      if (panel.used[i]) sizes.push(Math.abs(panel.value[i]));
    }
    const largest = quantile(sizes, 0.995) || 0, wide = 2.2 * (quantile(sds, 0.9) || 1);
    const reach = Math.max(1.15 * largest, Math.min(wide, 4 * largest || wide), 1e-6);
    const scales = axes(area, -reach, reach), { x, y } = scales;
    draw.fillStyle = colour("--band");
    strip(draw, x, y, i0, i1, panel.sd.map((s) => -2 * s), panel.sd.map((s) => 2 * s));
    draw.strokeStyle = colour("--unknown");
    draw.beginPath(); draw.moveTo(LEFT, y(0)); draw.lineTo(area.width, y(0)); draw.stroke();
    const size = (i1 - i0) / area.width < 0.5 ? 3 : 2;
    draw.fillStyle = colour("--dot");
    draw.strokeStyle = colour("--out");
    for (let i = i0; i <= i1; i++) {
      if (!Number.isFinite(panel.value[i])) continue;
      const px = x(t[i]), py = y(Math.max(-reach, Math.min(reach, panel.value[i])));
      if (panel.used[i]) draw.fillRect(px - size / 2, py - size / 2, size, size);
      else { draw.beginPath(); draw.moveTo(px - 3, py - 3); draw.lineTo(px + 3, py + 3);
        draw.moveTo(px - 3, py + 3); draw.lineTo(px + 3, py - 3); draw.stroke(); }
    }
    cursor(area, scales);
  }
  function normalised(panel) {
    const [i0, i1] = span(), out = [];
    for (let i = i0; i <= i1; i++) out.push(panel.used[i] ? panel.value[i] / panel.sd[i] : NaN);
    return out;
  }
  function drawSpread(canvas, values) {
    const { draw, width, height } = pen(canvas), deep = height - BOTTOM, bins = new Float64Array(32);
    const kept = values.filter(Number.isFinite);
    for (const v of kept) bins[Math.max(0, Math.min(31, Math.floor((v + 4) * 4)))] += 1;
    const normal = (v) => Math.exp(-0.5 * v * v) / Math.sqrt(2 * Math.PI);
    const most = Math.max(0.45, ...bins.map((b) => (4 * b) / Math.max(kept.length, 1)));
    const y = (density) => deep - (density / most) * (deep - 6);
    draw.fillStyle = colour("--dot");
    bins.forEach((b, i) => {
      const top = y((4 * b) / Math.max(kept.length, 1));
      draw.fillRect((i / 32) * width, top, width / 32 - 1, deep - top);
    });
    draw.strokeStyle = colour("--curve"); draw.lineWidth = 2; draw.beginPath();
    for (let i = 0; i <= 64; i++) draw.lineTo((i / 64) * width, y(normal(i / 8 - 4)));
    draw.stroke();
    draw.fillStyle = colour("--quiet"); draw.textAlign = "center";
    for (const v of [-2, 0, 2]) draw.fillText(v === 0 ? "0 sd" : v, ((v + 4) / 8) * width, height - 7);
  }
  function drawMemory(canvas, values) {
    const { draw, width, height } = pen(canvas), deep = height - BOTTOM;
    const dt = n > 1 ? (t[n - 1] - t[0]) / (n - 1) : 1, lags = Math.max(Math.min(Math.round(2 / dt), 120), 1);
    const kept = values.filter(Number.isFinite);
    const mean = kept.reduce((sum, v) => sum + v, 0) / Math.max(kept.length, 1);
    const y = (r) => ((1 - r) / 2) * (deep - 8) + 4, chance = 1.96 / Math.sqrt(Math.max(kept.length, 1));
    draw.fillStyle = colour("--band");
    draw.fillRect(0, y(chance), width, y(-chance) - y(chance));
    draw.strokeStyle = colour("--unknown");
    draw.beginPath(); draw.moveTo(0, y(0)); draw.lineTo(width, y(0)); draw.stroke();
    draw.strokeStyle = colour("--dot"); draw.lineWidth = 2; draw.beginPath();
    for (let lag = 0; lag <= lags; lag++) {
      let both = 0, before = 0, after = 0;
      for (let i = lag; i < values.length; i++) {
        const a = values[i] - mean, b = values[i - lag] - mean;
        if (Number.isFinite(a + b)) { both += a * b; before += a * a; after += b * b; }
      }
      const r = both / Math.sqrt(before * after);
      if (Number.isFinite(r)) draw.lineTo((lag / lags) * width, y(r));
    }
    draw.stroke();
    draw.fillStyle = colour("--quiet");
    draw.textAlign = "left"; draw.fillText("0", 1, height - 7);
    draw.textAlign = "right"; draw.fillText((lags * dt).toFixed(1) + " s", width - 1, height - 7);
  }
  function drawAngle(panel) {
    const area = pen(panel.canvas), { draw } = area, [i0, i1] = span();
    const low = panel.value.map((v, i) => v - 2 * panel.sd[i]), high = panel.value.map((v, i) => v + 2 * panel.sd[i]);
    const bottom = Math.min(...low.slice(i0, i1 + 1)), top = Math.max(...high.slice(i0, i1 + 1), bottom + 1);
    const scales = axes(area, bottom, top), { x, y } = scales;
    draw.fillStyle = colour("--band");
    strip(draw, x, y, i0, i1, low, high);
    for (const claimed of [false, true]) {
      draw.strokeStyle = colour(claimed ? "--dot" : "--unknown");
      draw.lineWidth = claimed ? 2.5 : 1;
      draw.beginPath();
      for (let i = i0; i < i1; i++) if (Boolean(panel.used[i]) === claimed) {
        draw.moveTo(x(t[i]), y(panel.value[i])); draw.lineTo(x(t[i + 1]), y(panel.value[i + 1]));
      }
      draw.stroke();
    }
    draw.lineWidth = 1;
    cursor(area, scales);
  }
  function drawMisfit(panel) {
    const area = pen(panel.canvas), { draw } = area, [i0, i1] = span();
    const top = Math.max(quantile(panel.value.slice(i0, i1 + 1).filter(Number.isFinite), 0.99) * 1.2 || 1, 2);
    const scales = axes(area, 0, top), { x, y } = scales;
    draw.fillStyle = colour("--band");
    strip(draw, x, y, i0, i1, panel.low, panel.high);
    for (let i = i0; i <= i1; i++) {
      if (!Number.isFinite(panel.value[i])) continue;
      const fine = panel.value[i] >= panel.low[i] && panel.value[i] <= panel.high[i];
      draw.fillStyle = colour(fine ? "--dot" : "--out");
      draw.fillRect(x(t[i]) - 1, y(Math.min(panel.value[i], top)) - 1, 2, 2);
    }
    cursor(area, scales);
  }
  function drawEvents(panel) {
    const area = pen(panel.canvas), { draw, width } = area, wide = Math.min(260, width * 0.4);
    const x = (time) => wide + ((time - from) / (to - from)) * (width - wide);
    panel.names.forEach((name, row) => {
      const middle = 9 + 18 * row, moments = panel.moments[row];
      draw.fillStyle = colour("--ink"); draw.textAlign = "left";
      draw.fillText(`${name} (${moments.length})`, 0, middle, wide - 8);
      draw.strokeStyle = colour("--line");
      draw.beginPath(); draw.moveTo(wide, middle); draw.lineTo(width, middle); draw.stroke();
      draw.fillStyle = colour(name.includes(":") && !name.startsWith("seen") ? "--out" : "--dot");
      for (const m of moments) if (m >= from && m <= to) draw.fillRect(x(m) - 1, middle - 6, 2, 12);
    });
    if (at !== null) { draw.fillStyle = colour("--ink"); draw.fillRect(x(t[at]), 0, 1, area.height); }
  }

  const plots = document.getElementById("plots");
  function figure(id, name, words, remarks, draw, extras) {
    const box = make("figure", plots), caption = make("figcaption", box);
    box.id = id;
    box.tabIndex = 0;
    box.dataset.words = `${name} ${words} ${remarks}`.toLowerCase();
    make("b", caption, name);
    make("span", caption, words);
    if (remarks) make("i", caption, remarks);
    const told = make("output", caption), row = make("div", box);
    row.className = extras ? "row" : "row alone";
    const panel = { box, told, canvas: canvasOf(row, `${name} over time. ${remarks}`), draw, scaled: true };
    if (extras) {
      panel.spread = canvasOf(row, `${name}: distribution of innovation over sd`);
      panel.memory = canvasOf(row, `${name}: autocorrelation`);
    }
    panels.push(panel);
    return panel;
  }
  if (trace.marks.length) {
    const rows = new Map();
    for (const [time, label] of trace.marks) rows.set(label, [...(rows.get(label) || []), time]);
    const panel = figure("events", "Set aside, and events", "", "", drawEvents, false);
    panel.box.className = "events";
    panel.canvas.style.height = 18 * rows.size + 4 + "px";
    panel.names = [...rows.keys()]; panel.moments = [...rows.values()];
    panel.scaled = false;
  }
  const misfit = figure("misfit", "Misfit of all sensors", "NIS per reading; band: 95 % of it", "", drawMisfit, false);
  [misfit.value, misfit.low, misfit.high] = trace.nis.map(floats);
  misfit.tell = (i) => `${said(misfit.value[i])} in ${said(misfit.low[i])} to ${said(misfit.high[i])}`;
  trace.readings.forEach((r, i) => {
    const panel = figure("r" + i, r.name, `${r.group}, ${r.unit}`, r.remarks, drawReading, true);
    Object.assign(panel, { value: floats(r.value), sd: floats(r.sd), used: floats(r.used) });
    panel.tell = (k) => Number.isFinite(panel.value[k])
      ? `${said(panel.value[k])} ± ${said(panel.sd[k])} ${r.unit}${panel.used[k] ? "" : ", left out"}` : "not read";
  });
  trace.angles.forEach((a, i) => {
    const panel = figure("a" + i, a.name, "angle, °; thick where claimed", "", drawAngle, false);
    Object.assign(panel, { value: floats(a.value), sd: floats(a.sd), used: floats(a.used) });
    panel.tell = (k) => `${said(panel.value[k])} ± ${said(panel.sd[k])}°, ${panel.used[k] ? "claimed" : "not claimed"}`;
  });

  function paint(panel, sides) {
    panel.draw(panel);
    panel.told.textContent = at !== null && panel.tell ? panel.tell(at) : "";
    if (sides && panel.spread) {
      const values = normalised(panel);
      drawSpread(panel.spread, values);
      drawMemory(panel.memory, values);
    }
  }
  let waiting = false, withSides = false;
  function repaint(sides) {
    withSides ||= sides;
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      for (const panel of shown) paint(panel, withSides);
      const where = at === null ? "" : `, at ${(t[at] + trace.t0).toFixed(2)} s`;
      document.getElementById("range").textContent =
        `${(from + trace.t0).toFixed(1)} to ${(to + trace.t0).toFixed(1)} s${where}`;
      waiting = withSides = false;
    });
  }
  function look(begin, end) {
    const least = 0.2, length = Math.min(Math.max(end - begin, least), whole[1]);
    from = Math.min(Math.max(begin, 0), whole[1] - length);
    to = from + length;
    repaint(true);
  }
  const moves = {
    back: () => look(from - (to - from) / 4, to - (to - from) / 4),
    on: () => look(from + (to - from) / 4, to + (to - from) / 4),
    in: () => look(from + (to - from) / 4, to - (to - from) / 4),
    out: () => look(from - (to - from) / 2, to + (to - from) / 2),
    all: () => look(...whole),
  };
  const keys = { ArrowLeft: "back", ArrowRight: "on", "+": "in", "=": "in", "-": "out", 0: "all" };
  document.addEventListener("keydown", (event) => {
    if (event.target.tagName === "INPUT" || event.ctrlKey || event.metaKey || event.altKey) return;
    const move = keys[event.key];
    if (move) { event.preventDefault(); moves[move](); }
  });
  for (const button of document.querySelectorAll("[data-do]"))
    button.addEventListener("click", () => moves[button.dataset.do]());
  document.getElementById("only").addEventListener("input", (event) => {
    const words = event.target.value.toLowerCase().split(/\s+/);
    for (const { box } of panels) box.hidden = !words.every((word) => box.dataset.words.includes(word));
    repaint(true);
  });

  for (const panel of panels) {
    if (!panel.scaled) continue;
    const time = (event) => {
      const box = panel.canvas.getBoundingClientRect();
      return from + ((event.clientX - box.left - LEFT) / (box.width - LEFT)) * (to - from);
    };
    let pressed = null;
    panel.canvas.addEventListener("pointerdown", (event) => { pressed = time(event); panel.canvas.setPointerCapture(event.pointerId); });
    panel.canvas.addEventListener("pointermove", (event) => { at = nearest(time(event)); repaint(false); });
    panel.canvas.addEventListener("pointerup", (event) => {
      const ends = [pressed, time(event)].sort((a, b) => a - b);
      if (pressed !== null && ends[1] - ends[0] > (to - from) / 100) look(...ends);
      pressed = null;
    });
    panel.canvas.addEventListener("dblclick", moves.all);
  }
  const watcher = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const panel = panels.find((p) => p.box === target);
      if (isIntersecting) { shown.add(panel); paint(panel, true); } else shown.delete(panel);
    }
  }, { rootMargin: "200px" });
  for (const panel of panels) watcher.observe(panel.box);
  window.addEventListener("resize", () => repaint(true));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => repaint(true));
  repaint(true);

  // Columns sort by their button; empty cells go last.
  const table = document.getElementById("figures"), heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => {
    const down = head.getAttribute("aria-sort") !== "descending" && column > 0;
    heads.forEach((other) => other.setAttribute("aria-sort", "none"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const key = (row) => {
      const text = row.cells[column].textContent.replace("−", "-"), number = parseFloat(text);
      return [text.trim() === "", Number.isNaN(number) ? text : Math.abs(number)];
    };
    const rows = [...table.tBodies[0].rows].map((row) => [key(row), row]);
    rows.sort(([[emptyA, a]], [[emptyB, b]]) => emptyA - emptyB || (a < b ? -1 : a > b ? 1 : 0) * (down ? -1 : 1));
    table.tBodies[0].append(...rows.map(([, row]) => row));
  }));
})();
