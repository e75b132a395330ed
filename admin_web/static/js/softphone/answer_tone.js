// The tone in the agent's headset before a call is answered by itself.

import { Tones } from "../tones.js";

const SECONDS = 0.35;
const HERTZ = 520;
const VOLUME = 0.2;

const tones = new Tones("speaker");

/** Sound it where calls are heard; resolves when it is over. */
export async function soundTone() {
  await tones.play([[0, HERTZ]], { seconds: SECONDS, volume: VOLUME });
  await new Promise((resolve) => { setTimeout(resolve, SECONDS * 1000); });
}
