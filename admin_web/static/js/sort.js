// Rows keep their order until the user chooses a column; once more turns it round, a third time gives the order back.
// The choice is kept in this browser for whoever is signed in.

import { keep, kept } from "./kept_choices.js";

const comparing = new Intl.Collator("nl", { numeric: true });

/** Make the column heads of a live table sort by `values[name](row)`; `again()` draws the table. */
export function makeSortable(table, live, values, again) {
  const store = `sort-${table.id}`;
  const natural = live.order;
  let { chosen, sign } = before(store, values);
  const apply = () => {
    live.order = sign ? (a, b) => sign * compare(values[chosen](a), values[chosen](b)) : natural;
    mark(table, chosen, sign);
  };
  if (sign) apply();
  table.tHead.addEventListener("click", (event) => {
    const name = event.target.closest("[data-sort]")?.dataset.sort;
    if (!name || !values[name]) return;
    const steps = typeof sample(live, values[name]) === "number" ? [-1, 1] : [1, -1];
    sign = name === chosen && sign ? (steps[steps.indexOf(sign) + 1] ?? 0) : steps[0];
    chosen = name;
    keep(store, sign ? { chosen, sign } : null);
    apply();
    if (!sign) live.restore();
    again();
  });
}

function before(store, values) {
  const { chosen, sign } = kept(store) ?? {};
  return Object.hasOwn(values, chosen) && Math.abs(sign) === 1 ? { chosen, sign } : { chosen: null, sign: 0 };
}

function sample(live, value) {
  const first = live.latest?.values().next().value;
  return first === undefined ? "" : value(first);
}

function compare(a, b) {
  return typeof a === "number" && typeof b === "number" ? a - b : comparing.compare(a, b);
}

function mark(table, name, sign) {
  for (const head of table.tHead.querySelectorAll("[data-column]")) {
    if (head.dataset.column === name && sign) head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
    else head.removeAttribute("aria-sort");
  }
}
