// Keeps the session: at a desk as long as the page is live, elsewhere as long as somebody is there; warns in time.

import { post } from "./commands.js";
import { text } from "./texts.js";

const RENEW = 4 * 60 * 1000;
const WARN_SECONDS = 60;
const CHECK = 1000;

let usedAt = Date.now();
let renewedAt = Date.now();

/** Go to the sign-in page, which says why. */
export function signedOut() {
  location.assign("/sign-in?ended=idle");
}

/** `isLive()` says whether the live picture is there; `suspended` whether that alone keeps the session. */
export function keepSession({ isLive, suspended, idleSeconds }) {
  for (const kind of ["pointerdown", "keydown"]) {
    document.addEventListener(kind, () => { usedAt = Date.now(); }, { passive: true, capture: true });
  }
  document.getElementById("session-stay").addEventListener("click", renew);
  setInterval(() => look(isLive, suspended, idleSeconds), CHECK);
}

function look(isLive, suspended, idleSeconds) {
  const inUse = (suspended && isLive()) || usedAt > renewedAt;
  if (inUse && Date.now() - renewedAt > Math.min(RENEW, idleSeconds * 250)) renew();
  warn(idleSeconds - (Date.now() - renewedAt) / 1000);
}

async function renew() {
  renewedAt = Date.now();
  try {
    const answer = await post("/session/alive", {});
    if (answer.status === 401) signedOut();
  } catch {
    // Without a network the live connection says so; the next check tries again.
  }
}

function warn(secondsLeft) {
  const dialog = document.getElementById("session-dialog");
  if (secondsLeft > Math.min(WARN_SECONDS, 60) || secondsLeft < -5) {
    if (dialog.open) dialog.close();
    return;
  }
  document.getElementById("session-text").textContent = text("session-ends", { seconds: Math.max(0, Math.round(secondsLeft)) });
  if (!dialog.open) dialog.showModal();
}
