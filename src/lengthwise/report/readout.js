"use strict";
// A read-out under the pointer: the known point nearest in time, or nothing where none is near.
for (const field of document.querySelectorAll(".field[data-points]")) {
  const raw = field.dataset.points;
  if (!raw) continue;
  const points = raw.split(";").map((p) => p.split(",").map(Number));
  const from = Number(field.dataset.from);
  const to = Number(field.dataset.to);
  const note = document.createElement("output");
  note.hidden = true;
  field.append(note);
  field.addEventListener("pointerleave", () => { note.hidden = true; });
  field.addEventListener("pointermove", (event) => {
    const box = field.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    const t = from + share * (to - from);
    let best = points[0];
    for (const p of points) if (Math.abs(p[0] - t) < Math.abs(best[0] - t)) best = p;
    note.hidden = false;
    note.style.left = `${Math.min(Math.max(share * 100, 12), 88)}%`;
    const near = Math.abs(best[0] - t) <= 0.02 * (to - from);
    const at = `${Math.floor(t / 60)}:${String(Math.floor(t % 60)).padStart(2, "0")}`;
    note.textContent = near
      ? `${best[1]}${field.dataset.unit} ± ${best[2]}${field.dataset.unit} at ${at}`
      : `not known at ${at}`;
  });
}
