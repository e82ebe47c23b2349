// Soft short sounds, made here; and phrases by a voice of this browser or machine where there is one.
// Captions stand on the page in any case.
import { speech } from "./api";
import { type Heard, Tone } from "./tone";

const NOTES: Record<string, number[]> = {
  begin: [523, 659],
  in_window: [659],
  ease: [440, 349],
  side_switch: [523, 440, 523],
  end: [523, 392],
  question: [587, 587],
  count: [440],
};
const NOTE_S = 0.16;
const LOUDNESS = 0.12;

export class Sound {
  private context: AudioContext | null = null;
  private playing: AudioBufferSourceNode | null = null;
  private readonly heard = new Map<string, AudioBuffer>();
  private turn = 0;
  private voiceless = false;
  private readonly tone = new Tone();
  muted = false;

  /** Browsers let a page sound only after somebody touched it. */
  wake(): void {
    try {
      this.context ??= new AudioContext();
    } catch {
      return; // without a way to sound the captions say it all
    }
    void this.context.resume();
  }

  /** The position as a tone; null: silence. */
  position(now: Heard | null): void {
    this.tone.ducked = this.playing !== null || ("speechSynthesis" in window && speechSynthesis.speaking);
    this.tone.play(this.context, this.muted ? null : now);
  }

  /** For good. */
  close(): void {
    this.quiet();
    this.tone.close();
    void this.context?.close();
    this.context = null;
  }

  earcon(name: string): void {
    if (this.muted || this.context === null) return;
    let at = this.context.currentTime + 0.02;
    for (const hz of NOTES[name] ?? []) {
      note(this.context, hz, at);
      at += NOTE_S;
    }
  }

  /** Says it by a voice of this browser, else by one of this machine. What is said later comes first. */
  say(text: string, language: string): void {
    this.quiet();
    if (this.muted) return;
    const voice = localVoice(language);
    if (voice === undefined) {
      void this.play(text, language);
      return;
    }
    const phrase = new SpeechSynthesisUtterance(text);
    phrase.voice = voice;
    phrase.lang = voice.lang;
    speechSynthesis.speak(phrase);
  }

  quiet(): void {
    this.turn += 1;
    this.playing?.stop();
    this.playing = null;
    if ("speechSynthesis" in window) speechSynthesis.cancel();
  }

  private async play(text: string, language: string): Promise<void> {
    const { context, turn } = this;
    if (context === null || this.voiceless) return;
    const key = `${language} ${text}`;
    let sound = this.heard.get(key);
    if (sound === undefined) {
      const wav = await speech(text, language);
      if (wav === null) {
        this.voiceless = true; // the captions stand on the page
        return;
      }
      sound = await context.decodeAudioData(wav);
      this.heard.set(key, sound);
    }
    if (turn !== this.turn) return; // something else is being said by now
    this.playing = new AudioBufferSourceNode(context, { buffer: sound });
    const playing = this.playing;
    playing.connect(context.destination);
    playing.onended = () => {
      if (this.playing === playing) this.playing = null;
    };
    playing.start();
  }
}

/** One from elsewhere would hear what is said. */
function localVoice(language: string): SpeechSynthesisVoice | undefined {
  if (!("speechSynthesis" in window)) return undefined;
  return speechSynthesis
    .getVoices()
    .find((v) => v.localService && v.lang.toLowerCase().startsWith(language));
}

function note(context: BaseAudioContext, hz: number, at: number): void {
  const tone = new OscillatorNode(context, { type: "sine", frequency: hz });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(LOUDNESS, at + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.001, at + NOTE_S);
  tone.connect(gain).connect(context.destination);
  tone.start(at);
  tone.stop(at + NOTE_S);
}
