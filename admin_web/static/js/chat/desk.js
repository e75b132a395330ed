// Chats on the agent's desk: the one that the agent has, and those that wait to be picked.

import { command, post } from "../commands.js";
import { keepFocus, showChannel, write } from "../render.js";
import { text, textOr } from "../texts.js";
import { countUp, now as serverTime } from "../timers.js";
import { makeAnswers } from "./answers.js";
import { Lines, newToken, sendsOnEnter } from "./lines.js";
import { showsWriting, tellsWriting } from "./writing.js";
import { chatParty, contactWay, isChat } from "./written.js";

const byId = (id) => document.getElementById(id);
const title = document.title;

function faultWords(code) {
  return textOr(`chat-fault-${code}`, text("chat-fault", { code }));
}

/** The mode of the card for a chat: "chat-offered", "chat" or null. */
export function chatMode(agent, contact) {
  if (!isChat(contact)) return null;
  return { offered: "chat-offered", talking: "chat" }[agent.state] ?? null;
}

// WhatsApp takes what we write for 24 hours after the customer wrote last.
const WINDOW = 24 * 3600 * 1000;

function windowClosed(contact, lines) {
  const last = lines.findLast((line) => line.author === "customer");
  return contactWay(contact) === "whatsapp" && last !== undefined && serverTime() - last.at > WINDOW;
}

/** Makes the pane work; `show` draws it. */
export function makeChat(me) {
  const lines = new Lines(byId("chat-log"), { scroll: byId("chat-scroll"), own: "agent", nameOf: (line) => line.name || text("customer") });
  let shown = null;
  let mode = null;
  let unsent = null;
  let queue = null;
  let onPage = false;
  const showWriting = showsWriting(byId("chat-writing"), serverTime);

  byId("chat-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = byId("chat-text");
    const words = field.value;
    if (!words.trim() || byId("chat-send").disabled) return;
    if (unsent?.text !== words) unsent = { text: words, token: newToken() };
    byId("chat-send").disabled = true;
    const done = await command("answer-chat", unsent);
    byId("chat-send").disabled = false;
    if (!done) return;
    unsent = null;
    if (field.value === words) field.value = "";
    field.focus();
  });
  sendsOnEnter(byId("chat-text"), byId("chat-form"));
  // Nobody hears of it where the customer has no page of ours; that it was not told is no trouble.
  tellsWriting(byId("chat-text"), () => { if (onPage) post("/commands/type-answer", {}).catch(() => {}); });
  const closeAnswers = makeAnswers(() => queue);
  byId("chat-assign-open").addEventListener("click", () => open(byId("chat-assign").hidden));
  byId("chat-assign").addEventListener("submit", async (event) => {
    event.preventDefault();
    const [kind, key] = byId("chat-target").value.split("/");
    if (key && (await command("transfer-contact", { kind, key }))) open(false);
  });
  byId("chat-assign").addEventListener("keydown", (event) => { if (event.key === "Escape") open(false); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && document.title.startsWith("● ")) document.title = title; });
  byId("chats-waiting").addEventListener("click", (event) => {
    const button = event.target.closest("[data-chat]");
    if (button) command("accept-chat", { contact_id: button.dataset.chat });
  });

  function open(wanted) {
    byId("chat-assign").hidden = !wanted;
    byId("chat-assign-open").setAttribute("aria-expanded", String(wanted));
    if (wanted) byId("chat-target").focus();
    else if (mode === "chat") byId("chat-text").focus();
  }

  function show(picture, agent, key, now) {
    const has = isChat(picture.rows.contact.get(key)) || picture.rows.chat.has(key);
    const pane = has && ["chat", "chat-offered", "wrap-up"].includes(now);
    byId("chat").hidden = !pane;
    byId("chat-write").hidden = now !== "chat";
    if (pane && key !== shown) begin(key);
    if (!pane) shown = null;
    if (pane) draw(picture, key);
    if (now === "chat" && mode === "chat-offered") takeFocus();
    const contact = picture.rows.contact.get(key);
    queue = contact?.queue ?? null;
    onPage = contactWay(contact) === "chat";
    if (!pane) showWriting(null);
    if (now !== "chat") open(false);
    if (now !== "chat") closeAnswers();
    mode = now;
    if (now === "chat") keepFocus(byId("chat-assign"), () => drawTargets(picture, agent));
    drawWaiting(picture, agent);
  }

  function begin(key) {
    shown = key;
    unsent = null;
    closeAnswers();
    lines.clear();
    byId("chat-text").value = "";
  }

  function draw(picture, key) {
    const own = [...picture.rows["chat-line"].values()].filter((line) => line.contact === key).sort((a, b) => a.number - b.number);
    const fresh = own.some((line) => line.number > lines.last && line.author === "customer");
    lines.add(own);
    for (const line of own) if (line.fault) lines.mark(line.number, faultWords(line.fault));
    lines.markRead(picture.rows.chat.get(key)?.read ?? 0, text("chat-read"));
    showWriting(picture.rows.chat.get(key)?.writesUntil ?? null, text("chat-writes"));
    if (fresh && document.hidden) document.title = `● ${title}`;
    const chat = picture.rows.chat.get(key);
    const closed = windowClosed(picture.rows.contact.get(key), own);
    const said = chat?.end ? text(`chat-ended-${chat.end}`) : chat?.awaySince ? text("chat-away") : closed ? text("chat-window-closed") : "";
    write(byId("chat-standing"), said);
  }

  function takeFocus() {
    const focused = document.activeElement;
    if (!focused || focused === document.body || byId("contact").contains(focused)) byId("chat-text").focus();
  }

  function drawTargets(picture, agent) {
    const free = [...picture.rows.agent].filter(([key, row]) => key !== me && row.status === "available" && row.state === "ready");
    const queues = [...picture.rows.queue].filter(([, row]) => row.open);
    const wanted = JSON.stringify([free.map(([key]) => key), queues.map(([key]) => key)]);
    const select = byId("chat-target");
    if (select.dataset.wanted === wanted) return;
    select.dataset.wanted = wanted;
    const chosen = select.value;
    select.replaceChildren(group("chat-colleagues", "agent", free), group("chat-queues", "queue", queues));
    if ([...select.options].some((option) => option.value === chosen)) select.value = chosen;
  }

  function group(name, kind, rows) {
    const element = document.createElement("optgroup");
    element.label = text(name);
    element.append(...rows.map(([key, row]) => new Option(row.name, `${kind}/${key}`)));
    return element;
  }

  function drawWaiting(picture, agent) {
    const waiting = [...picture.rows.contact].filter(([, row]) => isChat(row) && row.state === "waiting" && !row.offeredTo);
    waiting.sort(([, a], [, b]) => (a.position ?? 0) - (b.position ?? 0) || a.queuedAt - b.queuedAt);
    byId("chats-waiting").hidden = waiting.length === 0;
    const list = byId("chats-waiting-list");
    const keys = waiting.map(([key]) => key).join(" ");
    if (list.dataset.keys !== keys) {
      list.dataset.keys = keys;
      keepFocus(list, () => list.replaceChildren(...waiting.map(([key, row], at) => item(picture, key, row, at === 0))));
    }
    const may = agent.status === "available" && agent.state === "ready";
    for (const button of list.querySelectorAll("button")) button.disabled = !may;
  }

  function item(picture, key, row, first) {
    const queue = picture.rows.queue.get(row.queue)?.name ?? row.queue;
    const element = document.createElement("li");
    element.className = "cx-parked__line";
    const who = document.createElement("span");
    who.textContent = ` ${chatParty(row)} · ${queue} · ${row.dialled} `;
    const channel = document.createElement("span");
    showChannel(channel, row.channel);
    const since = document.createElement("span");
    since.className = "cx-figures";
    countUp(since, row.queuedAt);
    const button = byId("chat-pick").content.firstElementChild.cloneNode(true);
    button.dataset.chat = key;
    button.id = `pick-${key}`;
    if (!first) {
      button.querySelector(".cx-key")?.remove();
      delete button.dataset.letter;
      button.removeAttribute("aria-keyshortcuts");
    }
    element.append(channel, who, since, " ", button);
    return element;
  }

  return { show };
}
