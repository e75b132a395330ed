// One contact: its timeline, drawn anew whenever something happened to it.

import { goLive } from "./connection.js";
import { listenToKeys } from "./keyboard.js";
import { makeMenus } from "./menu.js";
import { makePlayers } from "./player.js";
import { showState } from "./render.js";
import { text } from "./texts.js";

// Facts are written a moment after they are shown; the second look catches what the first came too early for.
const LOOKS = [400, 2500];

const { contact, history } = document.body.dataset;
const list = document.getElementById("history");
let shown = null;
let timers = [];

makeMenus();
listenToKeys();
makePlayers();
goLive(show);

function show(picture) {
  const row = picture.rows.contact.get(contact) ?? null;
  const state = row?.heldSince ? "held" : row?.offeredTo ? "offered" : row?.state;
  if (row) showState(document.getElementById("contact-now"), state, text(state));
  else showState(document.getElementById("contact-now"), "logged-off", text("contact-over"));
  const now = JSON.stringify(row);
  if (shown !== null && shown !== now) lookSoon();
  shown = now;
}

function lookSoon() {
  timers.forEach(clearTimeout);
  timers = LOOKS.map((delay) => setTimeout(look, delay));
}

async function look() {
  try {
    const answer = await fetch(history, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(8000) });
    if (answer.ok && !answer.redirected) draw(await answer.text());
  } catch {
    // What stands there stays; the next change tries again.
  }
}

// Entries are only ever added: those that stand there stay, with their tables open or closed.
function draw(html) {
  const fresh = document.createElement("ol");
  fresh.innerHTML = html;
  [...fresh.children].slice(list.children.length).forEach((entry) => list.append(entry));
}
