// Whether the agent's call is recorded, and the one button that changes it.

import { showState } from "./render.js";
import { text } from "./texts.js";

const TALKS = ["talking", "held", "direct"];
const block = document.getElementById("recording");

/** Show the recording of the agent's contact; nothing where calls of its kind are not recorded. */
export function showRecording(contact, mode) {
  const state = TALKS.includes(mode) ? (contact?.recording ?? null) : null;
  block.hidden = !state;
  if (state) showState(document.getElementById("recording-state"), "recording", text(`recording-${state}`));
  let focused = false;
  for (const button of block.querySelectorAll("[data-when]")) {
    focused ||= button === document.activeElement && button.dataset.when !== state;
    button.hidden = button.dataset.when !== state;
  }
  if (focused) block.querySelector("[data-when]:not([hidden])")?.focus();
}
