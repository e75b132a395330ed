// The week as bars, drawn anew with each key; times are chosen in the fields, the bars only show.

const form = document.getElementById("hours");
const SHAPES = "http://www.w3.org/2000/svg";

form.addEventListener("input", draw);
form.addEventListener("change", (event) => { if (event.target.matches(".cx-time")) complete(event.target); });
draw();

function draw() {
  for (const day of form.querySelectorAll("[data-day]")) drawDay(day);
}

function drawDay(day) {
  const bar = day.querySelector(".cx-week__bar");
  const spans = [...day.querySelectorAll(".cx-span")].map(minutes).filter(([from, to]) => from !== null && to > from);
  bar.replaceChildren(...spans.map(rectangle));
  const word = day.querySelector("[data-word]");
  word.textContent = spans.length ? word.dataset.open : word.dataset.closed;
  day.toggleAttribute("data-closed", spans.length === 0);
}

// 830, 8.30 and 8 are written as 08:30, 08:30 and 08:00.
function complete(field) {
  const found = field.value.trim().match(/^(\d{1,2})[:.,]?(\d\d)?$/);
  if (found) field.value = `${found[1].padStart(2, "0")}:${found[2] ?? "00"}`;
  draw();
}

function minutes(span) {
  const [opens, closes] = [...span.querySelectorAll("input")].map((field) => field.value);
  const from = inMinutes(opens);
  const to = inMinutes(closes);
  return [from, to === 0 ? 1440 : to];
}

function inMinutes(time) {
  if (!/^\d\d:\d\d$/.test(time)) return null;
  const [hours, rest] = time.split(":").map(Number);
  return hours * 60 + rest;
}

function rectangle([from, to]) {
  const shape = document.createElementNS(SHAPES, "rect");
  for (const [name, value] of Object.entries({ x: from, y: 0, width: to - from, height: 10 })) shape.setAttribute(name, value);
  return shape;
}
