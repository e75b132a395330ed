// What waits for agents beside callers on the line: voice messages, chats and call-backs, by queue and channel.

import { LiveTable, makeRow, showChannel, write } from "./render.js";
import { clock, countUp } from "./timers.js";

const NONE = () => null;
const CHANNELS = {
  voicemail: { waiting: (row) => row.messages, since: (row) => row.oldestMessageAt, handled: (row) => row.messagesHeard },
  "call-back": { waiting: (row) => row.callBacks, since: () => null, handled: () => null },
};

const FIGURES = ["waiting", "talking", "handled", "offered"];
const TIMES = ["since", "average", "longest", "level"];

/** Returns what shows the channels of the queues; the panel is there only while there is something to tell. */
export function keepChannels() {
  const table = document.getElementById("channels");
  const panel = table.closest("section");
  const rows = new LiveTable(table, { make, update });
  return (queues) => {
    const found = new Map([...queues].flatMap(([key, row]) => channelsOf(key, row)));
    panel.hidden = found.size === 0;
    rows.show(found);
  };
}

function channelsOf(key, row) {
  const used = Object.entries(CHANNELS).filter(([, channel]) => FIGURES.some((name) => (channel[name] ?? NONE)(row)));
  const chats = row.written.map((each) => [`${key} ${each.channel}`, { ...each, name: each.channel, queue: row.name }]);
  return [...chats, ...used.map(([name, channel]) => [`${key} ${name}`, { name, queue: row.name, ...figures(channel, row) }])];
}

function figures(channel, row) {
  return Object.fromEntries([...FIGURES, ...TIMES].map((name) => [name, (channel[name] ?? NONE)(row)]));
}

function make(key) {
  const tr = makeRow(key, [["queue", "cx-row-name"], ["channel", ""], ["waiting", "cx-number"], ["since", "cx-number"], ["talking", "cx-number"], ["handled", "cx-number"], ["offered", "cx-number"], ["average", "cx-number"], ["longest", "cx-number"], ["level", "cx-number"]]);
  tr.channel_ = tr.cells_.channel.appendChild(document.createElement("span"));
  return tr;
}

function update(tr, row) {
  write(tr.cells_.queue, row.queue);
  showChannel(tr.channel_, row.name);
  write(tr.cells_.waiting, row.waiting);
  tr.cells_.waiting.classList.toggle("cx-strong", row.waiting > 0);
  countUp(tr.cells_.since, row.since);
  for (const name of ["talking", "handled", "offered"]) write(tr.cells_[name], row[name] ?? "–");
  for (const name of ["average", "longest"]) write(tr.cells_[name], row[name] === null ? "–" : clock(Math.round(row[name])));
  write(tr.cells_.level, row.level === null ? "–" : `${Math.round(row.level)} %`);
}
