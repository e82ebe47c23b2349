// A quiet tone that tells the position in the window without looking: rising towards it, two notes in
// tune inside, beating beyond. It is silent where the position is not known and once the coach has asked
// to ease, and off until wanted.
import { between } from "./body/ghost";
import type { Guidance, WindowEdges } from "./wire";

const LOW_HZ = 196;
const OCTAVES = 1;
const LOUDNESS = 0.035;
const DUCKED = 0.3; // while something is said
const FIFTH = 1.5;
const BEAT_HZ = 4;
const GLIDE_S = 0.12;
const SURE_SD = 0.25;

export interface Heard {
  /** Of the lower note. */
  hz: number;
  zone: "below" | "inside" | "above";
}

/** What is to be heard at one instant; null: silence. */
export function heard(g: Guidance | null, edges: WindowEdges | null): Heard | null {
  if (g === null || !loaded(g) || g.uncued) return null;
  const at = g.gauge;
  if (at === null || at.sd > SURE_SD || edges === null || !Number.isFinite(edges.lower)) return null;
  const share = Math.min(Math.max(at.mean, 0), 1);
  // Whether it is in the window is the coach's word alone; past it is said from the sure side.
  const past = at.mean + at.sd > between(edges, edges.ceiling) || at.mean > between(edges, edges.upper);
  const zone = past ? "above" : g.in_window === true ? "inside" : "below";
  return { hz: LOW_HZ * 2 ** (OCTAVES * share), zone };
}

function loaded(g: Guidance): boolean {
  return g.phase === "ease_in" || g.phase === "hold";
}

/** What is to be heard over time: from an ease to the next set nothing says where to go. */
export class Heeding {
  private eased = false;

  ease(): void {
    this.eased = true;
  }

  heard(g: Guidance | null, edges: WindowEdges | null): Heard | null {
    if (g !== null && !loaded(g)) this.eased = false;
    return this.eased ? null : heard(g, edges);
  }
}

export class Tone {
  private context: AudioContext | null = null;
  private low: OscillatorNode | null = null;
  private high: OscillatorNode | null = null;
  private loud: GainNode | null = null;
  private second: GainNode | null = null;
  private beat: GainNode | null = null;
  /** Whether something is being said: the tone steps back. */
  ducked = false;

  /** Silence is a gain of nothing: what begins and ends clicks. */
  play(context: AudioContext | null, now: Heard | null): void {
    if (context === null || (now === null && this.context === null)) return;
    this.make(context);
    const at = context.currentTime;
    const to = (param: AudioParam | undefined, value: number): void => {
      param?.setTargetAtTime(value, at, GLIDE_S);
    };
    to(this.loud?.gain, now === null ? 0 : LOUDNESS * (this.ducked ? DUCKED : 1));
    if (now === null) return;
    to(this.low?.frequency, now.hz);
    to(this.high?.frequency, now.hz * FIFTH);
    to(this.second?.gain, now.zone === "inside" ? 0.8 : 0);
    to(this.beat?.gain, now.zone === "above" ? 0.5 : 0);
  }

  close(): void {
    for (const each of [this.low, this.high]) each?.stop();
    this.loud?.disconnect();
    this.context = this.low = this.high = this.loud = this.second = this.beat = null;
  }

  private make(context: AudioContext): void {
    if (this.context !== null) return;
    this.context = context;
    this.loud = new GainNode(context, { gain: 0 });
    const swell = new GainNode(context, { gain: 1 });
    this.second = new GainNode(context, { gain: 0 });
    this.low = new OscillatorNode(context, { type: "sine", frequency: LOW_HZ });
    this.high = new OscillatorNode(context, { type: "sine", frequency: LOW_HZ * FIFTH });
    const pulse = new OscillatorNode(context, { type: "sine", frequency: BEAT_HZ });
    this.beat = new GainNode(context, { gain: 0 });
    pulse.connect(this.beat).connect(swell.gain);
    this.low.connect(swell);
    this.high.connect(this.second).connect(swell);
    swell.connect(this.loud).connect(context.destination);
    for (const each of [this.low, this.high, pulse]) each.start();
  }
}
