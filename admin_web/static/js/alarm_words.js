// What an alarm says: the figure of a queue, and the threshold that it crossed.

import { text } from "./texts.js";
import { clock } from "./timers.js";

const WRITTEN = {
  longest_wait: (value) => clock(Math.round(value)),
  service_level: (value) => `${Math.round(value)} %`,
  abandoned: (value) => `${Math.round(value)} %`,
  chat_wait: (value) => clock(Math.round(value)),
  chat_level: (value) => `${Math.round(value)} %`,
  mos: (value) => value.toFixed(1).replace(".", ","),
};

/** "Burgerzaken: 9 wachtenden (alarm vanaf 8)". */
export function alarmWords(row) {
  const written = WRITTEN[row.kind] ?? String;
  return text(`alarm-${row.kind}`, { queue: row.queue, value: written(row.value), level: written(row.level) });
}
