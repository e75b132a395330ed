// What waits for agents beside callers on the line: voice messages and call-backs, by queue and channel.

import { LiveTable, makeRow, write } from "./render.js";
import { text } from "./texts.js";
import { countUp } from "./timers.js";

const CHANNELS = {
  voicemail: { waiting: (row) => row.messages, since: (row) => row.oldestMessageAt, handled: (row) => row.messagesHeard },
  callback: { waiting: (row) => row.callBacks, since: () => null, handled: () => null },
};

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
  const used = Object.entries(CHANNELS).filter(([, channel]) => channel.waiting(row) || channel.handled(row));
  return used.map(([name, channel]) => [`${key} ${name}`, { name, queue: row.name, waiting: channel.waiting(row), since: channel.since(row), handled: channel.handled(row) }]);
}

function make(key) {
  return makeRow(key, [["queue", "cx-row-name"], ["channel", ""], ["waiting", "cx-number"], ["since", "cx-number"], ["handled", "cx-number"]]);
}

function update(tr, row) {
  write(tr.cells_.queue, row.queue);
  write(tr.cells_.channel, text(`channel-${row.name}`));
  write(tr.cells_.waiting, row.waiting);
  tr.cells_.waiting.classList.toggle("cx-strong", row.waiting > 0);
  countUp(tr.cells_.since, row.since);
  write(tr.cells_.handled, row.handled ?? "–");
}
