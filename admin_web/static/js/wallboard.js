// A board on the wall: live figures, for days on end, without anybody at the keyboard.

import { makeTile } from "./board/tiles.js";
import { LiveConnection } from "./live.js";
import { text } from "./texts.js";
import { timeOfDay } from "./timers.js";

const TREND_EVERY = 60 * 1000;
const VERSION_EVERY = 20 * 1000;

const board = JSON.parse(document.getElementById("board-data").textContent);
const grid = document.getElementById("board");
const pause = document.getElementById("pause");
const health = document.getElementById("health");
const here = location.pathname;
const tiles = board.tiles.map(makeTile);
let latest = null;
let paused = false;

grid.append(...tiles);
new LiveConnection(`/live${here}`, { show, tell, signedOut: over });
refreshTrends();
setInterval(refreshTrends, TREND_EVERY);
setInterval(takeOverChanges, VERSION_EVERY);
pause.addEventListener("click", switchPause);
document.getElementById("full-screen").addEventListener("click", () => document.documentElement.requestFullscreen());

function show(picture) {
  latest = picture;
  if (!paused) for (const tile of tiles) tile.update(picture);
}

function tell(state, at) {
  if (paused) return;
  document.body.dataset.connection = state;
  const time = at === null ? "–" : timeOfDay(at);
  health.textContent = state === "core-lost" ? text("core-lost", { time }) : state === "live" ? text("age", { time }) : `${text(state)} ${at === null ? "" : time}`;
}

// WCAG 2.2.2: what moves by itself can be stopped.
function switchPause() {
  paused = !paused;
  pause.textContent = text(paused ? "resume" : "pause");
  document.body.classList.toggle("cx-paused", paused);
  if (paused) {
    health.textContent = text("paused", { time: timeOfDay(Date.now()) });
    freeze();
  } else if (latest) show(latest);
}

// Times that count are stopped too: they are text until the board goes on.
function freeze() {
  for (const element of grid.querySelectorAll("[data-since]")) delete element.dataset.since;
}

async function refreshTrends() {
  if (paused) return;
  for (const [index, tile] of tiles.entries()) {
    if (!tile.drawTrend) continue;
    const quarters = await ask(`${here}/trend?tile=${index}`);
    if (quarters) tile.drawTrend(quarters);
  }
}

async function takeOverChanges() {
  const present = await ask(`${here}/version`);
  if (present && present.version !== board.version) location.reload();
}

async function ask(path) {
  try {
    const answer = await fetch(path, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(8000) });
    if (answer.status === 404) over();
    return answer.ok ? await answer.json() : null;
  } catch {
    return null; // the network is away: the live connection says so
  }
}

function over() {
  grid.hidden = true;
  const words = document.getElementById("over");
  words.textContent = text("link-over");
  words.hidden = false;
}
