// The tone in the agent's headset before a call is answered by itself.

import { direct } from "./choices.js";

const SECONDS = 0.35;
const HERTZ = 520;
const VOLUME = 0.2;

let context = null;

/** Sound it where calls are heard; resolves when it is over, or at once where the browser lets nothing sound. */
export async function soundTone() {
  context ??= new AudioContext();
  await direct(context, "speaker");
  if (context.state === "suspended") await Promise.race([context.resume(), pause()]);
  if (context.state !== "running") return;
  const tone = context.createOscillator();
  const loudness = context.createGain();
  tone.frequency.value = HERTZ;
  loudness.gain.setValueAtTime(VOLUME, context.currentTime);
  loudness.gain.setTargetAtTime(0, context.currentTime + SECONDS * 0.7, SECONDS * 0.1);
  tone.connect(loudness).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + SECONDS);
  await pause();
}

function pause() {
  return new Promise((resolve) => { setTimeout(resolve, SECONDS * 1000); });
}
