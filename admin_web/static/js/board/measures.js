// Figures over several queues, from the rows of the live picture. Each is what cxcore/domain/measures.py defines for one
// queue; over several, numbers add up, averages and shares are weighed, and the longest wait is the longest of all.

import { clock } from "../timers.js";

const SUMS = ["waiting", "ready", "talking", "loggedOn", "offered", "answered", "abandoned", "quickDrops"];

const sum = (rows, name) => rows.reduce((total, row) => total + row[name], 0);

/** The queues of a tile: those it names, or all. */
export function rowsOf(queues, picture) {
  const all = picture.rows.queue;
  return queues.length ? queues.map((key) => all.get(key)).filter(Boolean) : [...all.values()];
}

/** Since when the caller waits who waits longest; null when nobody does. */
export function longestSince(rows) {
  const instants = rows.map((row) => row.longestWaitingSince).filter((each) => each !== null);
  return instants.length ? Math.min(...instants) : null;
}

/** Percent answered in time, over all; null before the first. */
export function serviceLevel(rows) {
  const offered = sum(rows, "offered");
  return offered ? (100 * sum(rows, "answeredInTime")) / offered : null;
}

function averageWait(rows) {
  const counted = rows.filter((row) => row.averageWait !== null);
  const answered = sum(counted, "answered");
  return answered ? counted.reduce((total, row) => total + row.averageWait * row.answered, 0) / answered : null;
}

function expectedWait(rows) {
  const known = rows.map((row) => row.expectedWait).filter((each) => each !== null);
  return known.length ? Math.max(...known) : null;
}

const duration = (seconds) => (seconds === null ? "–" : clock(Math.round(seconds)));

/** What a measure comes to: `text` to show, or `since` to count up from; `over` when a target is missed; `target`. */
export function measured(measure, rows) {
  if (SUMS.includes(measure)) return { text: String(sum(rows, measure)) };
  if (measure === "averageWait") return { text: duration(averageWait(rows)) };
  if (measure === "expected") return { text: duration(expectedWait(rows)) };
  if (measure === "longest") return { since: longestSince(rows), limit: lowest(rows, "targetSeconds"), target: targetSeconds(rows) };
  return level(rows);
}

function level(rows) {
  const percent = serviceLevel(rows);
  const target = lowest(rows, "targetPercent");
  const known = percent !== null && target !== null;
  return { text: percent === null ? "–" : `${Math.round(percent)} %`, over: known && percent < target, target: target === null ? null : `${target} %` };
}

function lowest(rows, name) {
  return rows.length ? Math.min(...rows.map((row) => row[name])) : null;
}

function targetSeconds(rows) {
  const seconds = lowest(rows, "targetSeconds");
  return seconds === null ? null : `${seconds} s`;
}
