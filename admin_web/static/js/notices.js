// Short messages at the edge of the page: what was done, with undo, and what went wrong. They never take the focus.

import { text } from "./texts.js";

const NOTICE_SECONDS = 8;
const NEWS_SECONDS = 120;
const ERROR_SECONDS = 30;
const MOST = 3;

/** Say what was done; `undo`, when given, takes it back. */
export function notice(message, undo = null) {
  put(document.getElementById("notices"), message, NOTICE_SECONDS, undo);
}

/** Say what somebody else did to whoever reads; it stays longer, because nobody waits for it. */
export function news(message) {
  put(document.getElementById("notices"), message, NEWS_SECONDS, null);
}

/** Say what went wrong and what to do. */
export function error(message) {
  put(document.getElementById("errors"), message, ERROR_SECONDS, null);
}

/** Speak to screen readers at once. */
export function announce(message) {
  document.getElementById("announcement").textContent = message;
}

function put(region, message, seconds, undo) {
  const card = document.createElement("div");
  card.className = "cx-toast";
  const words = document.createElement("p");
  words.textContent = message;
  card.append(words);
  if (undo) card.append(button(text("undo"), () => { card.remove(); undo(); }));
  card.append(button(text("close"), () => card.remove()));
  region.append(card);
  while (region.children.length > MOST) region.firstElementChild.remove();
  goAfter(card, seconds);
}

// Somebody who reads it, or stands on its button, keeps it.
function goAfter(card, seconds) {
  setTimeout(() => {
    if (card.matches(":hover, :focus-within")) goAfter(card, 2);
    else card.remove();
  }, seconds * 1000);
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "cx-link-button";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}
