// The sound of an alarm nobody has seen: two tones, made here and not loaded, again each half minute. It can be switched
// off, on this browser.

import { Tones } from "./tones.js";

const STORED = "cx-alarm-sound";
const PERIOD = 30 * 1000;
const TONES = [[0, 587], [0.18, 440]];
const VOLUME = 0.15;

const box = document.getElementById("alarm-sound");
const tones = new Tones();
let timer = null;

/** Make the switch work; switching it on lets hear what it is about. */
export function makeBeepSwitch() {
  if (!box) return;
  box.checked = localStorage.getItem(STORED) !== "off";
  box.addEventListener("change", () => {
    localStorage.setItem(STORED, box.checked ? "on" : "off");
    beep();
  });
}

/** Beep until `stopBeeping`. */
export function startBeeping() {
  if (timer !== null) return;
  beep();
  timer = setInterval(beep, PERIOD);
}

/** Be silent. */
export function stopBeeping() {
  clearInterval(timer);
  timer = null;
}

function beep() {
  if (box?.checked) tones.play(TONES, { seconds: 0.3, volume: VOLUME, shape: "triangle" });
}
