// Whether the agent's call is recorded, the button that changes it, and when a paused recording goes on by itself.

import { showState } from "./render.js";
import { text } from "./texts.js";
import { countDown } from "./timers.js";

const TALKS = ["talking", "held", "direct"];
const block = document.getElementById("recording");

/** Show the recording of the agent's contact; nothing where calls of its kind are not recorded. */
export function showRecording(contact, mode) {
  const state = TALKS.includes(mode) ? (contact?.recording ?? null) : null;
  block.hidden = !state;
  if (state) showState(document.getElementById("recording-state"), "recording", text(`recording-${state}`));
  const resumesAt = state === "paused" ? (contact.recordingResumesAt ?? null) : null;
  document.getElementById("recording-resumes").hidden = resumesAt === null;
  countDown(document.getElementById("recording-clock"), resumesAt);
  showButtons(resumesAt === null ? [state] : [state, "timed"]);
}

function showButtons(states) {
  let focused = false;
  for (const button of block.querySelectorAll("[data-when]")) {
    const fits = button.dataset.when.split(" ").some((each) => states.includes(each));
    focused ||= button === document.activeElement && !fits;
    button.hidden = !fits;
  }
  if (focused) block.querySelector("[data-when]:not([hidden])")?.focus();
}
