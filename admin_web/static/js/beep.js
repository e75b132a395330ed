// The sound of an alarm nobody has seen: two tones, made here and not loaded, again each half minute. It can be switched
// off, on this browser.

const STORED = "cx-alarm-sound";
const PERIOD = 30 * 1000;
const TONES = [[0, 587], [0.18, 440]];
const VOLUME = 0.15;

const box = document.getElementById("alarm-sound");
let context = null;
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
  if (!box?.checked) return;
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume();
  for (const [start, pitch] of TONES) tone(context.currentTime + start, pitch);
}

function tone(start, pitch) {
  const oscillator = context.createOscillator();
  const loudness = context.createGain();
  oscillator.type = "triangle";
  oscillator.frequency.value = pitch;
  loudness.gain.setValueAtTime(0, start);
  loudness.gain.linearRampToValueAtTime(VOLUME, start + 0.02);
  loudness.gain.exponentialRampToValueAtTime(0.0001, start + 0.3);
  oscillator.connect(loudness).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(start + 0.35);
}
