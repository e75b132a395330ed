// Prepared answers in a chat: found by words of name and text, put into the field, changed there and sent.

import { preparedAnswers, refreshChoices } from "../choices.js";
import { text } from "../texts.js";

const byId = (id) => document.getElementById(id);

/** Makes the list work; `queueOf()` is the queue of the chat. Returns what closes it. */
export function makeAnswers(queueOf) {
  const [panel, query, list, field] = ["answers", "answers-query", "answers-hits", "chat-text"].map(byId);
  let hits = [];
  let chosen = 0;

  byId("answers-open").addEventListener("click", () => (panel.hidden ? open() : close(true)));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "/" || field.value || event.isComposing) return;
    event.preventDefault();
    open();
  });
  query.addEventListener("input", search);
  query.addEventListener("keydown", onKey);
  list.addEventListener("click", (event) => {
    const at = [...list.children].indexOf(event.target.closest("[role=option]"));
    if (at >= 0) insert(hits[at]);
  });

  async function open() {
    panel.hidden = false;
    byId("answers-open").setAttribute("aria-expanded", "true");
    query.value = "";
    query.focus();
    search();
    await refreshChoices();
    if (!panel.hidden) search();
  }

  function close(back = false) {
    if (panel.hidden) return;
    panel.hidden = true;
    byId("answers-open").setAttribute("aria-expanded", "false");
    query.setAttribute("aria-expanded", "false");
    if (back) field.focus();
  }

  function search() {
    const wanted = folded(query.value).split(/\s+/).filter(Boolean);
    const fits = ({ name, text: words, queue }) => (!queue || queue === queueOf()) && wanted.every((word) => folded(`${name} ${words}`).includes(word));
    hits = preparedAnswers().filter(fits);
    list.replaceChildren(...hits.map(option));
    query.setAttribute("aria-expanded", String(hits.length > 0));
    byId("answers-count").textContent = hits.length ? text("answers", { count: hits.length }) : text("no-answers");
    choose(0);
  }

  function choose(at) {
    if (at < 0 || at >= hits.length) { query.removeAttribute("aria-activedescendant"); return; }
    chosen = at;
    [...list.children].forEach((each, index) => each.setAttribute("aria-selected", String(index === at)));
    query.setAttribute("aria-activedescendant", `answer-${at}`);
    list.children[at].scrollIntoView({ block: "nearest" });
  }

  function onKey(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") choose(Math.min(chosen + 1, hits.length - 1));
    else if (event.key === "ArrowUp") choose(Math.max(chosen - 1, 0));
    else if (event.key === "Enter") { if (hits[chosen]) insert(hits[chosen]); }
    else if (event.key === "Escape") close(true);
    else if (event.key === "/" && !query.value) typeSlash();
    else return;
    event.preventDefault();
  }

  // Who wants to write the sign itself presses it twice.
  function typeSlash() {
    close(true);
    put("/");
  }

  function insert(answer) {
    close(true);
    put(answer.text);
  }

  // In place of what is selected. By this command the browser can undo it; not every one knows it.
  function put(words) {
    if (field.value.length - (field.selectionEnd - field.selectionStart) + words.length > field.maxLength) return;
    if (!document.execCommand("insertText", false, words)) field.setRangeText(words, field.selectionStart, field.selectionEnd, "end");
  }

  return close;
}

function option(answer, at) {
  const made = document.createElement("div");
  made.className = "cx-hit cx-answer";
  made.id = `answer-${at}`;
  made.setAttribute("role", "option");
  made.append(part("cx-hit__name", answer.name), part("cx-hit__detail", answer.text));
  return made;
}

function part(name, words) {
  const made = document.createElement("span");
  made.className = name;
  made.textContent = words;
  return made;
}

// Without case and accents.
function folded(words) {
  return words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
