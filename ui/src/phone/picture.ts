// Where the phone is worn: a standing figure and a phone on it.
const NS = "http://www.w3.org/2000/svg";

interface Spot {
  x: number;
  y: number;
  seen: "from behind" | "from the front";
}

// Seen from the front, the person's left is on the right of the picture.
const SPOTS: Record<string, Spot> = {
  sacrum: { x: 60, y: 104, seen: "from behind" },
  belt_buckle: { x: 60, y: 104, seen: "from the front" },
  thigh_front_l: { x: 74, y: 140, seen: "from the front" },
  thigh_front_r: { x: 46, y: 140, seen: "from the front" },
};

export function picture(place: string): SVGSVGElement | null {
  const spot = SPOTS[place];
  if (spot === undefined) return null;
  const svg = make("svg", { viewBox: "0 0 120 230", role: "img", class: "wear" });
  svg.setAttribute("aria-label", `A person seen ${spot.seen}, with the phone in its place`);
  svg.append(
    make("circle", { cx: "60", cy: "22", r: "14", class: "body" }),
    make("path", {
      class: "body",
      d: "M38 42 q22 -8 44 0 l-3 34 l3 28 q2 12 0 24 l-6 88 h-13 l-3 -82 l-3 82 h-13 l-6 -88 q-2 -12 0 -24 l3 -28 z",
    }),
    make("path", { class: "limb", d: "M38 46 q-12 30 -12 66" }),
    make("path", { class: "limb", d: "M82 46 q12 30 12 66" }),
  );
  if (spot.seen === "from the front") {
    svg.append(make("path", { class: "face", d: "M54 20 h2 M64 20 h2 M55 28 q5 4 10 0" }));
  }
  svg.append(
    make("line", { x1: "38", x2: "82", y1: "98", y2: "98", class: "band" }),
    make("rect", {
      x: String(spot.x - 7),
      y: String(spot.y - 13),
      width: "14",
      height: "26",
      rx: "3",
      class: "phone",
    }),
  );
  return svg;
}

function make<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Record<string, string>,
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
