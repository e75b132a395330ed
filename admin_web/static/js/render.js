// Pieces that both pages draw with. Elements are made once and then only told what changed.

import { text } from "./texts.js";

const SVG = "http://www.w3.org/2000/svg";

/** Write text, and let a change fade; true when it changed. */
export function write(element, value) {
  const shown = String(value ?? "–");
  if (element.textContent === shown) return false;
  const first = element.textContent === "";
  element.textContent = shown;
  if (!first) fade(element);
  return true;
}

/** A short fade on an element that changed. */
export function fade(element) {
  element.classList.remove("cx-changed");
  requestAnimationFrame(() => element.classList.add("cx-changed"));
}

/** Draw, and hand the focus on when its button went away: to the first action that came in its place, or the heading. */
export function keepFocus(part, draw) {
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  draw();
  const moved = document.activeElement !== focused && document.activeElement !== document.body;
  if (!focused || moved || focused.checkVisibility()) return;
  const action = [...part.querySelectorAll(".cx-action")].find((each) => each.checkVisibility() && !each.disabled);
  (action ?? part.querySelector("h2")).focus();
}

/** The shape of a state. */
export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("class", "cx-icon");
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  drawing.append(use);
  return drawing;
}

/** Show by which channel a contact came: shape and word. */
export function showChannel(element, channel) {
  if (element.dataset.channel === channel) return;
  element.dataset.channel = channel;
  element.classList.add("cx-channel");
  element.replaceChildren(icon(`channel-${channel}`), document.createTextNode(text(`channel-${channel}`)));
}

/** Show a state in an element: shape, colour (by data-state) and word. */
export function showState(element, state, words) {
  if (element.dataset.state === state && element.dataset.words === words) return;
  element.dataset.state = state;
  element.dataset.words = words;
  element.replaceChildren(icon(state), document.createTextNode(words));
}

/** What an agent row comes down to: one state. */
export function agentState(agent) {
  if (agent.direct) return "direct";
  return agent.state === "ready" ? agent.status : agent.state;
}

/** The words for it, with the reason of a break. */
export function agentWords(agent) {
  const state = agentState(agent);
  const words = text(state);
  return state === "on-break" && agent.reason ? `${words}: ${agent.reason.toLowerCase()}` : words;
}

/** A cell for each name, with its classes. */
export function makeRow(key, cells) {
  const row = document.createElement("tr");
  row.className = "utrecht-table__row";
  row.dataset.key = key;
  row.cells_ = {};
  for (const [name, classes] of cells) {
    const cell = document.createElement(classes.includes("cx-row-name") ? "th" : "td");
    if (cell.tagName === "TH") cell.scope = "row";
    cell.className = `utrecht-table__cell ${classes}`;
    row.cells_[name] = cell;
    row.append(cell);
  }
  return row;
}

/**
 * Keeps a table's rows in step with a map, in the map's order until the user sorts.
 * `make(key, row)` builds a row, `update(tr, row, key)` fills it.
 */
export class LiveTable {
  constructor(table, { make, update, order = null }) {
    Object.assign(this, { make, update, order });
    this.body = table.tBodies[0];
    this.rows = new Map();
  }

  show(map) {
    this.latest = map;
    for (const [key, element] of this.rows) {
      if (!map.has(key)) {
        element.remove();
        this.rows.delete(key);
      }
    }
    for (const [key, row] of map) this.update(this.element(key, row), row, key);
    if (this.order) this.arrange(map);
  }

  element(key, row) {
    let element = this.rows.get(key);
    if (!element) {
      element = this.make(key, row);
      this.rows.set(key, element);
      this.body.append(element);
    }
    return element;
  }

  arrange(map) {
    this.place([...map.keys()].sort((a, b) => this.order(map.get(a), map.get(b))));
  }

  /** Back to the order in which the rows came. */
  restore() {
    this.place([...this.latest.keys()]);
  }

  place(keys) {
    keys.forEach((key, index) => {
      const element = this.rows.get(key);
      if (this.body.children[index] !== element) this.body.insertBefore(element, this.body.children[index] ?? null);
    });
  }
}
