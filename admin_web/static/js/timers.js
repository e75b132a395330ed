// Times that run: counted here from an instant that the server sent, corrected for the difference between the clocks.
// An element with data-since counts up, with data-until down. Rewritten once a second, all in the same stroke.

let offset = 0;
let known = false;

/** Take over the server's clock from a message that says what time it was. */
export function setServerTime(milliseconds) {
  const difference = milliseconds - Date.now();
  // A message may have been under way for a while, never the other way round: the largest difference is the truest.
  offset = known && Math.abs(difference - offset) < 2000 ? Math.max(offset, difference) : difference;
  known = true;
}

/** The present instant by the server's clock, in milliseconds since 1970. */
export function now() {
  return Date.now() + offset;
}

/** Seconds as mm:ss, or h:mm:ss from an hour on. */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60) % 60;
  const pair = (value) => String(value).padStart(2, "0");
  const tail = `${pair(minutes)}:${pair(whole % 60)}`;
  return whole >= 3600 ? `${Math.floor(whole / 3600)}:${tail}` : tail;
}

/** The time of day in the Netherlands. */
export function timeOfDay(milliseconds) {
  const options = { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: "Europe/Amsterdam" };
  return new Date(milliseconds).toLocaleTimeString("nl-NL", options);
}

/** An instant to come, to the minute, in the Netherlands: the time, and the day where that is not today. */
export function dayAndTime(milliseconds) {
  const time = timeOfDay(milliseconds).slice(0, 5);
  if (wallTime(milliseconds).slice(0, 10) === wallTime(now()).slice(0, 10)) return time;
  const options = { weekday: "short", day: "numeric", month: "short", timeZone: "Europe/Amsterdam" };
  return `${new Date(milliseconds).toLocaleDateString(document.documentElement.lang || "nl", options)} ${time}`;
}

/** As a field for date and time has it, in the Netherlands: 2026-12-01T12:00. The server takes it for that too. */
export function wallTime(milliseconds) {
  const parts = new Date(milliseconds).toLocaleString("sv-SE", { timeZone: "Europe/Amsterdam" });
  return parts.slice(0, 16).replace(" ", "T");
}

/** Let an element count up from an instant; null stops it and shows `otherwise`. */
export function countUp(element, since, otherwise = "–") {
  count(element, "since", "until", since, otherwise);
}

/** Let an element count down to an instant. */
export function countDown(element, until) {
  count(element, "until", "since", until, "");
}

/** An element that data-limit turns red once it has counted that many seconds. */
export function setLimit(element, seconds) {
  if (seconds === null) delete element.dataset.limit;
  else element.dataset.limit = seconds;
}

function count(element, name, other, instant, otherwise) {
  delete element.dataset[other];
  if (instant === null || instant === undefined) {
    delete element.dataset[name];
    element.classList.remove("cx-over");
    write(element, otherwise);
    return;
  }
  element.dataset[name] = instant;
  show(element);
}

function show(element) {
  const { since, until, limit } = element.dataset;
  const seconds = since === undefined ? (Number(until) - now()) / 1000 + 0.999 : (now() - Number(since)) / 1000;
  write(element, clock(seconds));
  element.classList.toggle("cx-over", limit !== undefined && seconds > Number(limit));
}

function write(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

function tick() {
  for (const element of document.querySelectorAll("[data-since], [data-until]")) show(element);
  setTimeout(tick, 1000 - (now() % 1000) + 5);
}

tick();
