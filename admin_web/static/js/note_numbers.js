// The telephone numbers that stand in the note, each to be called by a click.

import { text } from "./texts.js";

const NUMBER = /(?:\+|\b)\d(?:[\d\s().-]{6,16})\d\b|\b14\d{3,4}\b/g;
const LEAST_DIGITS = 9;

/** Keep the line below the note filled. */
export function makeNoteNumbers() {
  const note = document.getElementById("note");
  const line = document.createElement("p");
  line.className = "cx-note-numbers";
  line.hidden = true;
  note.after(line);
  const draw = () => drawNumbers(line, numbersIn(note.value));
  note.addEventListener("input", draw);
  note.addEventListener("put", draw);
}

function numbersIn(words) {
  const found = (words.match(NUMBER) ?? []).map((each) => each.trim());
  const whole = found.filter((each) => /^14\d{3,4}$/.test(each) || each.replace(/\D/g, "").length >= LEAST_DIGITS);
  return [...new Set(whole)];
}

function drawNumbers(line, numbers) {
  if (line.dataset.shown === numbers.join()) return;
  line.dataset.shown = numbers.join();
  line.hidden = numbers.length === 0;
  line.replaceChildren(text("numbers-in-note"), ...numbers.map((number) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "cx-cell-button cx-figures";
    button.dataset.call = number;
    button.textContent = number;
    button.setAttribute("aria-label", text("call-number", { number }));
    return button;
  }));
}
