// Rows keep their order until the user chooses a column; once more turns it round, a third time gives the order back.

const comparing = new Intl.Collator("nl", { numeric: true });

/** Make the column heads of a live table sort by `values[name](row)`; `again()` draws the table. */
export function makeSortable(table, live, values, again) {
  let chosen = null;
  let direction = 0;
  table.tHead.addEventListener("click", (event) => {
    const name = event.target.closest("[data-sort]")?.dataset.sort;
    if (!name || !values[name]) return;
    direction = name === chosen ? direction + 1 : 1;
    chosen = name;
    const steps = typeof sample(live, values[name]) === "number" ? [-1, 1] : [1, -1];
    const sign = steps[direction - 1] ?? 0;
    live.order = sign ? (a, b) => sign * compare(values[name](a), values[name](b)) : null;
    if (!sign) chosen = null;
    mark(table, name, sign);
    if (!sign) live.restore();
    again();
  });
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
