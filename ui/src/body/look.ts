// Colours of the body: the hues of the page, and those of bone, muscle and fog for both themes.
import type { WindowEdges } from "../wire";

export type Rgb = readonly [number, number, number];

export interface Theme {
  dark: boolean;
  ground: Rgb;
  inWindow: Rgb;
  ease: Rgb;
  bone: Rgb;
  boneShade: Rgb;
  skin: Rgb;
  rest: Rgb;
  warm: Rgb;
  unknown: Rgb;
  fog: Rgb;
  fogLine: Rgb;
}

const LIGHT = {
  bone: [241, 234, 221], boneShade: [150, 142, 134], skin: [150, 168, 184], rest: [232, 205, 193],
  warm: [214, 74, 40], unknown: [176, 182, 188], fog: [205, 212, 219], fogLine: [140, 151, 162],
} as const;
const DARK = {
  bone: [214, 206, 193], boneShade: [86, 84, 84], skin: [120, 142, 160], rest: [176, 140, 126],
  warm: [240, 96, 58], unknown: [104, 112, 118], fog: [58, 69, 77], fogLine: [128, 143, 154],
} as const;

/** The theme as the page resolves its custom properties. */
export function theme(host: Element): Theme {
  const probe = document.createElement("i");
  host.append(probe);
  const rgb = (name: string): Rgb => {
    probe.style.color = `var(${name})`;
    const found = getComputedStyle(probe).color.match(/[\d.]+/g)?.map(Number) ?? [];
    return [found[0] ?? 0, found[1] ?? 0, found[2] ?? 0];
  };
  const ground = rgb("--raised");
  const [inWindow, ease] = [rgb("--in-window"), rgb("--ease")];
  probe.remove();
  const dark = ground[0] + ground[1] + ground[2] < 384;
  return { dark, ground, inWindow, ease, ...(dark ? DARK : LIGHT) };
}

export type Zone = "unknown" | "lengthening" | "inside" | "above";

/** Where a muscle is by its own window; without one it only lengthens. */
export function zone(fraction: number, edges: WindowEdges | undefined): Zone {
  if (!Number.isFinite(fraction)) return "unknown";
  if (edges === undefined || !Number.isFinite(edges.lower)) return "lengthening";
  if (fraction > edges.upper) return "above";
  return fraction >= edges.lower ? "inside" : "lengthening";
}

/** Pale at rest, warm when long; of a target inside or above its window that hue. */
export function paint(at: Zone, fraction: number, target: boolean, look: Theme): Rgb {
  if (at === "unknown") return look.unknown;
  if (target && at === "inside") return look.inWindow;
  if (target && at === "above") return look.ease;
  const warmth = Math.min(Math.max(fraction, 0), 1) ** 1.2;
  const own = mix(look.rest, look.warm, target ? warmth : 0.8 * warmth);
  return target ? own : mix(own, look.bone, 0.25);
}

export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  return [0, 1, 2].map((k) => (a[k] ?? 0) + share * ((b[k] ?? 0) - (a[k] ?? 0))) as unknown as Rgb;
}
