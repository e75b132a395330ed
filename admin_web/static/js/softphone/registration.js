// Registered at the SBC, by SIP over WebSocket, with credentials that end after minutes and are made anew in time.

import JsSIP from "../../vendor/jssip.js";
import { post } from "../commands.js";
import { page } from "./page.js";

const EXPIRES_SECONDS = 60;
const RETRY = 2000;
const RENEWED_AFTER = 0.5;

/** `fault` is null when calls can come in. `changed()` is called when that changes, `called(session, request)` for each call. */
export class Registration {
  constructor({ changed, called }) {
    Object.assign(this, { changed, called });
    this.fault = "not-registered";
    this.agent = null;
    this.credentials = null;
    this.timer = null;
    this.wanted = false;
  }

  /** Register, and stay so. */
  async start() {
    this.wanted = true;
    const credentials = await this.fetch();
    if (!credentials || !this.wanted || this.agent) return;
    this.agent = this.makeAgent(credentials);
    this.agent.start();
  }

  /** Be reached no more. */
  stop() {
    this.wanted = false;
    clearTimeout(this.timer);
    this.agent?.stop();
    this.agent = null;
    this.set("not-registered");
  }

  /** The network was gone: a connection that only seems to live is made anew. Calls go on. */
  reconnect() {
    const transport = this.agent?.transport;
    if (!transport) return;
    this.set("not-registered");
    transport.disconnect();
    transport.connect();
  }

  makeAgent({ url, user, name, password }) {
    const agent = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(url)],
      uri: `sip:${user}@${new URL(url).hostname}`,
      authorization_user: name,
      password,
      register_expires: EXPIRES_SECONDS,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 3,
      user_agent: "cx",
    });
    agent.on("registered", () => this.set(null));
    agent.on("unregistered", () => this.set("not-registered"));
    agent.on("disconnected", () => this.set("not-registered"));
    agent.on("registrationFailed", () => this.failed());
    agent.on("newRTCSession", ({ originator, session, request }) => { if (originator === "remote") this.called(session, request); });
    return agent;
  }

  async fetch() {
    clearTimeout(this.timer);
    const credentials = await ask();
    if (credentials === null) this.set("not-set-up");
    if (credentials) this.credentials = credentials;
    const pause = credentials ? credentials.seconds * 1000 * RENEWED_AFTER : RETRY;
    if (this.wanted) this.timer = setTimeout(() => this.renew(), pause);
    return credentials;
  }

  async renew() {
    if (!this.agent) {
      this.start();
      return;
    }
    const credentials = await this.fetch();
    if (!credentials || !this.agent) return;
    this.agent.set("authorization_user", credentials.name);
    this.agent.set("password", credentials.password);
  }

  failed() {
    this.set("not-registered");
    if (!this.wanted) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      await this.renew();
      if (this.agent?.isConnected()) this.agent.register();
    }, RETRY);
  }

  set(fault) {
    if (this.fault === fault) return;
    this.fault = fault;
    this.changed();
  }
}

// Credentials; null where there are no softphones, undefined when the server does not answer now.
async function ask() {
  try {
    const answer = await post("/agent/softphone/credentials", { page });
    if (answer.ok) return await answer.json();
    return answer.status === 503 ? null : undefined;
  } catch {
    return undefined;
  }
}
