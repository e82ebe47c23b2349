// Soft short sounds, made here; and phrases by a voice of this machine where it has one. Captions stand
// on the page in any case.
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
  muted = false;

  /** Browsers let a page sound only after somebody touched it. */
  wake(): void {
    this.context ??= new AudioContext();
    void this.context.resume();
  }

  earcon(name: string): void {
    if (this.muted || this.context === null) return;
    let at = this.context.currentTime + 0.02;
    for (const hz of NOTES[name] ?? []) {
      note(this.context, hz, at);
      at += NOTE_S;
    }
  }

  say(text: string, language: string): void {
    if (this.muted || !("speechSynthesis" in window)) return;
    const voice = speechSynthesis
      .getVoices()
      .find((v) => v.localService && v.lang.toLowerCase().startsWith(language));
    if (voice === undefined) return; // a voice from elsewhere would hear what is said
    const phrase = new SpeechSynthesisUtterance(text);
    phrase.voice = voice;
    phrase.lang = voice.lang;
    speechSynthesis.cancel();
    speechSynthesis.speak(phrase);
  }

  quiet(): void {
    if ("speechSynthesis" in window) speechSynthesis.cancel();
  }
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
