// The ring signal in the browser: quiet at first, made here and not loaded. Who has a telephone beside it must switch it
// on, whose telephone is the page may switch it off.

import { direct } from "./softphone/choices.js";
import { text } from "./texts.js";

const STORED = "cx-ring";
const PERIOD = 3000;
const QUIET = 0.04;
const LOUD = 0.25;

let context = null;
let timer = null;
let strokes = 0;

/** Make the switch work. */
export function makeRingSwitch() {
  const button = document.getElementById("ring");
  show(button);
  button.addEventListener("click", () => {
    localStorage.setItem(STORED, isOn() ? "off" : "on");
    show(button);
    if (isOn()) stroke(QUIET);
    else stopRinging();
  });
}

/** Ring until `stopRinging`, louder with each stroke. */
export function startRinging() {
  if (timer !== null || !isOn()) return;
  strokes = 0;
  ring();
  timer = setInterval(ring, PERIOD);
}

/** Be silent. */
export function stopRinging() {
  clearInterval(timer);
  timer = null;
}

function isOn() {
  return (localStorage.getItem(STORED) ?? (document.body.dataset.softphone === "yes" ? "on" : "off")) === "on";
}

function show(button) {
  button.setAttribute("aria-pressed", String(isOn()));
  document.getElementById("ring-text").textContent = text(isOn() ? "ring-on" : "ring-off");
}

function ring() {
  stroke(Math.min(LOUD, QUIET * 1.6 ** strokes));
  strokes += 1;
}

function stroke(volume) {
  context ??= new AudioContext();
  direct(context, "ringer");
  if (context.state === "suspended") context.resume();
  for (const [start, pitch] of [[0, 660], [0.22, 880]]) note(context.currentTime + start, pitch, volume);
}

function note(start, pitch, volume) {
  const tone = context.createOscillator();
  const loudness = context.createGain();
  tone.type = "sine";
  tone.frequency.value = pitch;
  loudness.gain.setValueAtTime(0, start);
  loudness.gain.linearRampToValueAtTime(volume, start + 0.03);
  loudness.gain.exponentialRampToValueAtTime(0.0001, start + 0.5);
  tone.connect(loudness).connect(context.destination);
  tone.start(start);
  tone.stop(start + 0.55);
}
