// The lines of a chat, as the customer's page and the agent's desk both draw them.

import { timeOfDay } from "../timers.js";

/** Draws lines into a list, each once, in their order. `nameOf(line)` says whose a line is. */
export class Lines {
  constructor(list, { scroll, nameOf, own }) {
    Object.assign(this, { list, scroll, nameOf, own, last: 0 });
  }

  clear() {
    this.list.replaceChildren();
    this.last = 0;
  }

  /** Add what is new; what is read is not moved away from who scrolled back. */
  add(lines) {
    const follows = this.atEnd();
    for (const line of lines) {
      if (line.number <= this.last) continue;
      this.last = line.number;
      this.list.append(this.item(line));
    }
    if (follows) this.toEnd();
  }

  /** Say at a line, under its words, what became of it. */
  mark(number, words) {
    const item = this.list.querySelector(`[data-number="${number}"]`);
    if (item && !item.querySelector(".cx-chat-line__fault")) item.append(part("cx-chat-line__fault", words, "p"));
  }

  /** Say at the last of the own lines up to a number that it was read. */
  markRead(number, words) {
    const own = [...this.list.querySelectorAll(".cx-chat-line--own")].filter((item) => Number(item.dataset.number) <= number).at(-1);
    const mark = this.list.querySelector(".cx-chat-line__read");
    if (mark?.parentElement === own) return;
    mark?.remove();
    own?.append(part("cx-chat-line__read", words, "p"));
  }

  /** A remark between the lines: who came, who left. */
  remark(words) {
    const follows = this.atEnd();
    const item = document.createElement("li");
    item.className = "cx-chat-remark";
    item.textContent = words;
    this.list.append(item);
    if (follows) this.toEnd();
  }

  item(line) {
    const item = document.createElement("li");
    item.className = "cx-chat-line";
    item.dataset.author = line.author;
    item.dataset.number = line.number;
    if (line.author === this.own) item.classList.add("cx-chat-line--own");
    item.append(part("cx-chat-line__who", this.nameOf(line)), time(line.at), part("cx-chat-line__text", line.text, "p"));
    return item;
  }

  atEnd() {
    const { scrollTop, clientHeight, scrollHeight } = this.scroll;
    return scrollHeight - scrollTop - clientHeight < 40;
  }

  toEnd() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
  }
}

function part(name, words, tag = "span") {
  const element = document.createElement(tag);
  element.className = name;
  element.textContent = words;
  return element;
}

function time(at) {
  const element = document.createElement("time");
  const instant = new Date(at);
  element.className = "cx-chat-line__at";
  element.dateTime = instant.toISOString();
  element.textContent = timeOfDay(instant).slice(0, 5);
  return element;
}

/** What tells a request that is sent again from another. */
export function newToken() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (octet) => octet.toString(16).padStart(2, "0")).join("");
}

/** Enter sends, Shift+Enter makes a line; not while a word is being composed. */
export function sendsOnEnter(field, form) {
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
}
