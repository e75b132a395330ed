// A notification on the desktop while a call rings and nobody looks at the page. The user chooses what it says; that goes
// along to every browser. The browser is asked for its permission only when the user chooses or clicks.

import { post } from "./commands.js";
import { ringIsOn } from "./ring.js";
import { text } from "./texts.js";

const TAG = "cx-incoming";
const byId = (id) => document.getElementById(id);

let wanted = document.body.dataset.desktopNotice;
let shown = null;

/** Make the button and its dialog work. */
export function makeDesktopNotice() {
  const dialog = byId("desktop-notice-dialog");
  byId("desktop-notice").addEventListener("click", () => { dialog.showModal(); ask(); });
  dialog.addEventListener("change", (event) => choose(event.target.value));
  byId("desktop-notice-try").addEventListener("click", tryOut);
  window.addEventListener("focus", withdrawNotice);
  show();
}

/** Say what rings: `rings` as in `ringingOf`, `names` has queue, caller and the colleague. */
export function notifyOf(rings, names) {
  const seen = document.visibilityState === "visible" && document.hasFocus();
  if (wanted === "off" || permission() !== "granted" || seen) return;
  put(text(`desktop-${rings}`), wanted === "caller" ? wordsOf(rings, names) : queueOf(rings, names));
}

function queueOf(rings, { queue }) {
  return rings === "offer" ? queue : "";
}

function wordsOf(rings, names) {
  const { queue, caller } = names;
  return { offer: `${queue} · ${caller}`, direct: caller }[rings] ?? text(`incoming-${rings}`, names);
}

function put(title, body) {
  withdrawNotice();
  const icon = document.querySelector('link[rel="icon"]').href;
  shown = new Notification(title, { body, tag: TAG, icon, silent: ringIsOn(), requireInteraction: true });
  shown.addEventListener("click", () => { window.focus(); withdrawNotice(); });
}

/** Nothing rings any more, or it was seen. */
export function withdrawNotice() {
  shown?.close();
  shown = null;
}

function permission() {
  return "Notification" in window ? Notification.permission : "denied";
}

async function choose(value) {
  wanted = value;
  document.body.dataset.desktopNotice = value;
  await ask();
  try {
    const answer = await post("/agent/desktop-notice", { notice: value });
    if (!answer.ok) throw new Error(String(answer.status));
  } catch {
    byId("desktop-notice-said").textContent = text("desktop-not-kept");
  }
}

async function ask() {
  if (wanted !== "off" && permission() === "default") await Notification.requestPermission();
  show();
}

async function tryOut() {
  if (permission() === "default") await Notification.requestPermission();
  if (permission() === "granted") put(text("desktop-offer"), text("desktop-trial"));
  show(true);
}

function show(trial = false) {
  const refused = permission() !== "granted" && (wanted !== "off" || trial);
  const on = wanted === "off" ? "off" : permission() === "granted" ? "on" : "refused";
  byId("desktop-notice").textContent = text(`desktop-is-${on}`);
  byId("desktop-notice-said").textContent = refused ? text("desktop-denied") : "";
}
