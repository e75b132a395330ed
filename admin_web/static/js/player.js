// Plays recordings. The sound comes only after the server has noted who listens, so nothing loads before that.

import { post } from "./commands.js";
import { text } from "./texts.js";
import { clock } from "./timers.js";

/** Give life to every player on the page. */
export function makePlayers() {
  for (const element of document.querySelectorAll("[data-player]")) makePlayer(element);
}

function makePlayer(element) {
  const part = (name) => element.querySelector(`[data-${name}]`);
  const picture = JSON.parse(part("picture").textContent);
  const seconds = Number(element.dataset.seconds);
  const sound = new Audio();
  sound.preload = "none";
  let tracks = null;

  const place = part("place");
  const play = part("play");

  play.addEventListener("click", () => (sound.paused ? start() : sound.pause()));
  for (const button of element.querySelectorAll("[data-skip]")) {
    button.addEventListener("click", () => seek(now() + Number(button.dataset.skip)));
  }
  place.addEventListener("input", () => seek(Number(place.value)));
  part("wave").addEventListener("click", (event) => seek((event.offsetX / event.target.clientWidth) * seconds));
  part("track").addEventListener("change", () => tracks && load(!sound.paused));
  part("speed").addEventListener("change", keepSpeed);
  sound.addEventListener("timeupdate", show);
  sound.addEventListener("play", showState);
  sound.addEventListener("pause", showState);
  sound.addEventListener("error", () => sound.getAttribute("src") && tell(text("recording-unreadable")));
  new ResizeObserver(() => draw(part("wave"), picture, now() / seconds, seconds)).observe(part("wave"));
  show();

  async function start() {
    tell("");
    if (!tracks) {
      play.disabled = true;
      tracks = await ask(element.dataset.listen);
      play.disabled = false;
      if (!tracks) return tell(text("no-answer"));
      load(true);
      play.focus();
    } else await begin();
  }

  function load(goOn) {
    const from = now();
    sound.src = tracks[part("track").value];
    sound.currentTime = from;
    keepSpeed();
    if (goOn) begin();
  }

  function begin() {
    return sound.play().catch((fault) => fault.name === "AbortError" || tell(text("recording-unreadable")));
  }

  function keepSpeed() {
    sound.defaultPlaybackRate = sound.playbackRate = Number(part("speed").value);
  }

  function now() {
    return sound.getAttribute("src") ? sound.currentTime : Number(place.value);
  }

  function seek(to) {
    const at = Math.min(Math.max(to, 0), seconds);
    place.value = at;
    if (sound.getAttribute("src")) sound.currentTime = at;
    show();
  }

  function show() {
    place.value = now();
    place.setAttribute("aria-valuetext", text("recording-place", { now: clock(now()), all: clock(seconds) }));
    part("now").textContent = clock(now());
    draw(part("wave"), picture, now() / seconds, seconds);
  }

  function showState() {
    play.textContent = text(sound.paused ? "recording-play" : "recording-stop");
    play.setAttribute("aria-pressed", String(!sound.paused));
    draw(part("wave"), picture, now() / seconds, seconds);
  }

  function tell(words) {
    part("problem").textContent = words;
    part("problem").hidden = !words;
  }
}

async function ask(path) {
  try {
    const answer = await post(path, {});
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

// The caller above the middle line, the agent below it; what was heard already in the colour of the page's accent.
// Where it was paused the ground is darker; the same stands in words below the player.
function draw(canvas, picture, heard, seconds) {
  const ratio = window.devicePixelRatio || 1;
  const width = (canvas.width = Math.round(canvas.clientWidth * ratio));
  const height = (canvas.height = Math.round(canvas.clientHeight * ratio));
  const paint = canvas.getContext("2d");
  const style = getComputedStyle(canvas);
  const ahead = style.color;
  const behind = style.getPropertyValue("--cx-accent") || ahead;
  const step = 3 * ratio;
  paint.fillStyle = style.getPropertyValue("--cx-line") || ahead;
  for (const [from, to] of picture.pauses ?? []) paint.fillRect((from / seconds) * width, 0, Math.max(((to - from) / seconds) * width, ratio), height);
  drawTrack(picture.caller, height * 0.25);
  drawTrack(picture.agent, height * 0.75);
  paint.fillStyle = behind;
  if (heard > 0) paint.fillRect(Math.min(heard * width, width - ratio), 0, 2 * ratio, height);

  function drawTrack(peaks, middle) {
    for (let x = 0; x < width; x += step) {
      const from = Math.floor((x / width) * peaks.length);
      const to = Math.max(from + 1, Math.floor(((x + step) / width) * peaks.length));
      const loud = Math.max(...peaks.slice(from, to), 4) / 255;
      const tall = Math.max(loud * height * 0.46, ratio);
      paint.fillStyle = x / width < heard ? behind : ahead;
      paint.fillRect(x, middle - tall / 2, step - ratio, tall);
    }
  }
}
