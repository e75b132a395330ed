// The line at the foot of the page: is what you see true, and since when?

import { LiveConnection } from "./live.js";
import { showEmergencies } from "./emergencies.js";
import { announce } from "./notices.js";
import { keepSession, signedOut } from "./session.js";
import { text } from "./texts.js";
import { timeOfDay } from "./timers.js";

/** Open the live picture of this page; `show(picture)` draws it. */
export function goLive(show) {
  const live = new LiveConnection(document.body.dataset.live, { show: (picture) => draw(picture, show), tell, signedOut });
  keepSession({
    isLive: () => live.isLive,
    suspended: document.body.dataset.idleSuspended === "yes",
    idleSeconds: Number(document.body.dataset.idleSeconds),
  });
  return live;
}

let latest = null;
const listeners = [];

/** For the module of a task: it is called with each picture, and at once where one came before the module was loaded. */
export function onPicture(listener) {
  listeners.push(listener);
  if (latest) listener(latest);
}

function draw(picture, show) {
  latest = picture;
  showEmergencies(picture.rows.emergency);
  show(picture);
  for (const listener of listeners) listener(picture);
}

let told = "connecting";

function tell(state, trueAt) {
  const line = document.getElementById("connection");
  line.dataset.connection = state;
  document.body.dataset.connection = state;
  const at = trueAt === null ? "–" : timeOfDay(trueAt);
  set("connection-text", state === "core-lost" ? text("core-lost", { time: at }) : text(state));
  set("connection-age", state === "core-lost" || trueAt === null ? "" : text("age", { time: at }));
  if (state !== told) speak(state);
  told = state;
}

function speak(state) {
  if (state === "lost" && told === "live") announce(text("announce-lost"));
  if (state === "live" && told === "lost") announce(text("announce-back"));
}

function set(id, words) {
  const element = document.getElementById(id);
  if (element.textContent !== words) element.textContent = words;
}
