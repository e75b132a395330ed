// What the page shows of the softphone: its health at the foot, its buttons beside the contact, and its settings.

import { text } from "../texts.js";
import { keepFocus, write } from "../render.js";
import { makeSettings } from "./settings.js";

const byId = (id) => document.getElementById(id);

/** `show()` draws the softphone as it is. */
export function makePanel(softphone) {
  const settings = makeSettings(softphone);
  byId("softphone-status").addEventListener("click", () => settings.open());
  byId("softphone-here").addEventListener("click", () => softphone.takeOver());
  byId("softphone-answer").addEventListener("click", () => softphone.answer());
  for (const button of document.querySelectorAll('[data-command="available"]')) button.addEventListener("click", () => softphone.comeHere());
  byId("softphone-mute").addEventListener("click", () => softphone.call?.mute?.(!softphone.call.muted));
  return { show: () => show(softphone) };
}

function show(softphone) {
  const { fault } = softphone;
  document.body.dataset.softphoneFault = fault ?? "";
  if (fault !== "starting") showHealth(softphone, fault);
  document.body.dataset.softphoneCall = softphone.call?.state ?? "";
  keepFocus(byId("contact"), () => showCall(softphone));
}

// Before anything is known nothing is said: a screen reader would read each guess.
function showHealth(softphone, fault) {
  const { microphone } = softphone;
  mark("softphone-mark", fault === null || fault === microphone.fault, "softphone");
  mark("microphone-mark", microphone.fault === null, "microphone");
  write(byId("softphone-why"), fault === null ? "" : text(`softphone-${fault}`));
  byId("softphone-why").hidden = fault === null;
  byId("softphone-here").hidden = !softphone.isAway;
}

function mark(id, good, name) {
  const element = byId(id);
  element.dataset.good = good ? "yes" : "no";
  write(element, `${text(name)} ${good ? "✓" : "✗"}`);
}

function showCall({ call, isAway, fault }) {
  const talking = call?.state === "talking";
  const answer = byId("softphone-answer");
  const { mode, rings } = byId("contact").dataset;
  const ringsThere = isAway && Boolean(rings);
  answer.disabled = call?.state !== "ringing" && !ringsThere;
  // A call beside the contacts, to listen in, rings in every mode.
  answer.hidden = answer.disabled && mode !== "offered";
  write(answer.firstElementChild, text(ringsThere ? "answer-over-here" : "answer"));
  write(byId("softphone-there"), ringsThere ? text(`rings-${fault}`) : "");
  const mute = byId("softphone-mute");
  mute.hidden = !talking || !mute.dataset.modes.split(" ").includes(mode);
  mute.dataset.muted = call?.muted ? "yes" : "no";
  write(mute.firstElementChild, text(call?.muted ? "unmute" : "mute"));
}
