// Tones that are made here and not loaded.

import { direct } from "./softphone/choices.js";

const ATTACK_SECONDS = 0.02;
const SILENT = 0.0001;

/** Sounds tones where the user chose to hear them; `output` names that choice, without one the computer chooses. */
export class Tones {
  constructor(output = null) {
    this.output = output;
    this.context = null;
  }

  /** Sound each `[start, hertz]` for so many seconds, at a volume from 0 to 1. Nothing sounds where the browser lets nothing. */
  async play(notes, { seconds, volume, shape = "sine" }) {
    this.context ??= new AudioContext();
    if (this.output) await direct(this.context, this.output);
    if (this.context.state === "suspended") this.context.resume();
    for (const [start, hertz] of notes) this.note(this.context.currentTime + start, hertz, { seconds, volume, shape });
  }

  note(start, hertz, { seconds, volume, shape }) {
    const tone = this.context.createOscillator();
    const loudness = this.context.createGain();
    tone.type = shape;
    tone.frequency.value = hertz;
    loudness.gain.setValueAtTime(0, start);
    loudness.gain.linearRampToValueAtTime(volume, start + ATTACK_SECONDS);
    loudness.gain.exponentialRampToValueAtTime(SILENT, start + seconds);
    tone.connect(loudness).connect(this.context.destination);
    tone.start(start);
    tone.stop(start + seconds);
  }
}
