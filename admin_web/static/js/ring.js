// The ring signal in the browser: quiet at first, made here and not loaded. Who has a telephone beside it must switch it
// on, whose telephone is the page may switch it off.

import { text } from "./texts.js";
import { Tones } from "./tones.js";

const STORED = "cx-ring";
const PERIOD = 3000;
const QUIET = 0.04;
const LOUD = 0.25;
const STROKE = [[0, 660], [0.22, 880]];

const tones = new Tones("ringer");
let timer = null;
let strokes = 0;

/** Make the switch work. */
export function makeRingSwitch() {
  const button = document.getElementById("ring");
  show(button);
  button.addEventListener("click", () => {
    localStorage.setItem(STORED, ringIsOn() ? "off" : "on");
    show(button);
    if (ringIsOn()) sampleRing();
    else stopRinging();
  });
}

/** Ring once, quietly, where calls ring. */
export function sampleRing() {
  stroke(QUIET);
}

/** Ring until `stopRinging`, louder with each stroke. */
export function startRinging() {
  if (timer !== null || !ringIsOn()) return;
  strokes = 0;
  ring();
  timer = setInterval(ring, PERIOD);
}

/** Be silent. */
export function stopRinging() {
  clearInterval(timer);
  timer = null;
}

/** Whether it rings at all. */
export function ringIsOn() {
  return (localStorage.getItem(STORED) ?? (document.body.dataset.softphone === "yes" ? "on" : "off")) === "on";
}

function show(button) {
  button.setAttribute("aria-pressed", String(ringIsOn()));
  document.getElementById("ring-text").textContent = text(ringIsOn() ? "ring-on" : "ring-off");
}

function ring() {
  stroke(Math.min(LOUD, QUIET * 1.6 ** strokes));
  strokes += 1;
}

function stroke(volume) {
  tones.play(STROKE, { seconds: 0.5, volume });
}
