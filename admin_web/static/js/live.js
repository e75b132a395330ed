// The live picture: one WebSocket, a snapshot, then changed rows. Comes back by itself, with a fresh snapshot.

import { setServerTime } from "./timers.js";

const QUIET_LIMIT = 13000;
const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 8000;
const SESSION_ENDED = 4401;

/** Rows per subject, in the order in which they first came: rows keep their place. */
export class Picture {
  constructor() {
    this.rows = { queue: new Map(), agent: new Map(), contact: new Map(), system: new Map(), emergency: new Map(), alarm: new Map(), chat: new Map(), "chat-line": new Map() };
  }

  replaceBy(changes) {
    const keys = new Map(Object.keys(this.rows).map((subject) => [subject, new Set()]));
    for (const [subject, key] of changes) keys.get(subject)?.add(key);
    for (const [subject, present] of keys) {
      for (const key of [...this.rows[subject].keys()]) if (!present.has(key)) this.rows[subject].delete(key);
    }
    this.apply(changes);
  }

  apply(changes) {
    for (const [subject, key, row] of changes) {
      if (row === null) this.rows[subject].delete(key);
      else this.rows[subject].set(key, row);
    }
  }
}

/**
 * Opens /live/… and keeps it open. `show(picture)` is called after every change, at most once a frame; `tell(state, at)`
 * with "connecting", "live", "lost" or "core-lost", and when the picture was last known to be true.
 */
export class LiveConnection {
  constructor(path, { show, tell, signedOut }) {
    Object.assign(this, { path, show, tell, signedOut });
    this.picture = new Picture();
    this.pause = FIRST_PAUSE;
    this.heardAt = 0;
    this.trueAt = null;
    this.frame = null;
    this.connect();
    setInterval(() => this.watch(), 1000);
    window.addEventListener("online", () => this.hurry());
  }

  get isLive() {
    return this.state === "live";
  }

  connect() {
    this.retry = null;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}${this.path}`);
    this.socket = socket;
    this.heardAt = performance.now();
    socket.onmessage = (event) => this.receive(JSON.parse(event.data));
    socket.onclose = (event) => { if (socket === this.socket) this.closed(event.code); };
  }

  receive(message) {
    this.heardAt = performance.now();
    this.pause = FIRST_PAUSE;
    setServerTime(message.now);
    if (message.kind === "snapshot") this.picture.replaceBy(message.rows);
    else this.picture.apply(message.rows);
    if (message.core) this.trueAt = message.now;
    this.say(message.core ? "live" : "core-lost");
    if (message.kind !== "alive") this.scheduleShow();
  }

  scheduleShow() {
    if (this.frame !== null) return;
    // A hidden tab gets no animation frames, and an offer must still be announced there.
    const later = document.hidden ? (run) => setTimeout(run, 0) : requestAnimationFrame;
    this.frame = later(() => { this.frame = null; this.show(this.picture); });
  }

  say(state) {
    this.state = state;
    this.tell(state, this.trueAt);
  }

  closed(code) {
    this.socket = null;
    if (code === SESSION_ENDED) {
      this.signedOut();
      return;
    }
    this.say("lost");
    this.retry = setTimeout(() => this.connect(), this.pause * (0.75 + Math.random() / 2));
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
    this.checkSession();
  }

  // A refused WebSocket does not say why; a request does.
  async checkSession() {
    try {
      const answer = await fetch(location.pathname, { method: "HEAD", redirect: "manual" });
      if (answer.type === "opaqueredirect" || answer.status === 401) this.signedOut();
    } catch {
      // The network is away; connect() goes on trying.
    }
  }

  watch() {
    if (this.socket && performance.now() - this.heardAt > QUIET_LIMIT) {
      const silent = this.socket;
      this.socket = null;
      silent.onclose = null;
      silent.close();
      this.closed(0);
    }
  }

  hurry() {
    if (this.retry === null) return;
    clearTimeout(this.retry);
    this.connect();
  }
}

