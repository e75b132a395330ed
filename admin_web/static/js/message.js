// One message: record, upload or type another version, listen to it, let callers hear it.

import { speak, upload, use } from "./making.js";
import { error, notice } from "./notices.js";
import { text } from "./texts.js";
import { clock } from "./timers.js";

const LONGEST_SECONDS = 600;
const SHOWN = "cx-made-version";
const byId = (id) => document.getElementById(id);
const { message } = document.body.dataset;
const state = byId("make-state");

let recording = null;

byId("upload-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const [file] = byId("upload-file").files;
  if (file) await make(() => upload(`${message}/uploads`, file, showProgress));
  byId("upload-progress").hidden = true;
});
byId("speech-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  await make(() => speak(`${message}/speech`, byId("speech-text").value));
});
byId("record-form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (recording) recording.stop();
  else record();
});
for (const button of document.querySelectorAll("[data-use]")) {
  button.addEventListener("click", () => choose(button));
}
showMade();

// What is made reloads the page, so that the new version stands in the list with its waveform.
async function make(work) {
  setBusy(true);
  state.textContent = text("making");
  const version = await work();
  setBusy(false);
  state.textContent = "";
  if (version === null) return;
  sessionStorage.setItem(SHOWN, JSON.stringify([message, version.version, "made-version"]));
  location.reload();
}

function setBusy(busy) {
  for (const button of document.querySelectorAll(".cx-maker button")) button.disabled = busy;
}

function showProgress(share) {
  const bar = byId("upload-progress");
  bar.hidden = false;
  bar.value = share;
  if (share === 1) state.textContent = text("making");
}

async function choose(button) {
  button.disabled = true;
  const version = Number(button.dataset.use);
  if (await use(`${message}/use`, version)) {
    sessionStorage.setItem(SHOWN, JSON.stringify([message, version, "used-version"]));
    location.reload();
  } else {
    button.disabled = false;
  }
}

function showMade() {
  const kept = JSON.parse(sessionStorage.getItem(SHOWN) ?? "null");
  sessionStorage.removeItem(SHOWN);
  if (!kept || kept[0] !== message) return;
  const [, version, words] = kept;
  byId(`version-${version}`)?.focus();
  notice(text(words, { version }));
}

async function record() {
  let microphone;
  try {
    microphone = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, noiseSuppression: true } });
  } catch {
    error(text("no-microphone"));
    return;
  }
  const parts = [];
  const recorder = new MediaRecorder(microphone);
  recorder.ondataavailable = (event) => parts.push(event.data);
  recorder.onstop = () => {
    const seconds = end(microphone);
    if (seconds >= 0.5) make(() => upload(`${message}/uploads?origin=recorded`, new Blob(parts), () => {}));
    else error(text("recording-too-short"));
  };
  recorder.start();
  recording = { stop: () => recorder.stop(), from: performance.now(), meter: meterOf(microphone) };
  byId("record").textContent = text("stop-recording");
  byId("record-level").hidden = false;
  recording.timer = setInterval(showRecording, 100);
}

function end(microphone) {
  const seconds = (performance.now() - recording.from) / 1000;
  clearInterval(recording.timer);
  recording.meter.close();
  for (const track of microphone.getTracks()) track.stop();
  recording = null;
  byId("record").textContent = text("record");
  byId("record-time").textContent = "";
  byId("record-level").hidden = true;
  return seconds;
}

function showRecording() {
  const seconds = Math.floor((performance.now() - recording.from) / 1000);
  const words = clock(seconds);
  if (byId("record-time").textContent !== words) byId("record-time").textContent = words;
  byId("record-level").value = recording.meter.level();
  if (seconds >= LONGEST_SECONDS) recording.stop();
}

function meterOf(microphone) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(microphone).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    level() {
      analyser.getFloatTimeDomainData(samples);
      return Math.min(1, 2 * Math.max(...samples.map(Math.abs)));
    },
    close: () => context.close(),
  };
}
