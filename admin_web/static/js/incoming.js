// What rings for the agent now: an offer, a direct call, a colleague who asks or passes somebody on. It is said, written
// in the title and rung, and never takes the focus.

import { notifyOf, withdrawNotice } from "./desktop_notice.js";
import { announce } from "./notices.js";
import { startRinging, stopRinging } from "./ring.js";
import { text } from "./texts.js";

const title = document.title;

let said = null;
let own = null;

/** The agent picked this parked contact up: what rings then is no news. Null: it was refused. */
export function expectRing(contact) {
  own = contact;
}

/** What rings in this mode: "offer", "direct", "consult", "pass", or null. */
export function ringingOf(mode, contact) {
  if (!contact) return null;
  if (mode === "offered") return "offer";
  if (mode === "chat-offered") return "chat";
  if (mode === "direct") return contact.outbound || contact.answeredAt ? null : "direct";
  if (mode === "consulted") return { ringing: "consult", passing: "pass" }[contact.consult.state] ?? null;
  return null;
}

/** Say it once for each contact; `names` has queue, caller and the colleague. */
export function showIncoming(rings, key, names) {
  if (!rings || key === own) quiet();
  else if (said !== `${rings} ${key}`) tell(rings, key, names);
}

function tell(rings, key, names) {
  said = `${rings} ${key}`;
  const way = rings === "chat" ? text("answer-chat") : text(document.body.dataset.softphone === "yes" ? "answer-here" : "answer-phone");
  announce(`${text(`incoming-${rings}`, names)} ${way}`);
  document.title = text(`title-${rings}`, names);
  // Two tabs of one browser do not ring at the same time.
  if (document.body.dataset.softphoneFault === "other-tab") return;
  startRinging();
  notifyOf(rings, names);
}

function quiet() {
  if (said === null) return;
  said = null;
  announce("");
  document.title = title;
  stopRinging();
  withdrawNotice();
}
