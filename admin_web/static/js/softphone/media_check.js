// Before it is rung the page calls itself by the SBC: its registration, ICE, DTLS and the way of the sound are tried at once.

import JsSIP from "../../vendor/jssip.js";

const LIMIT = 8000;
const RETRY = 5000;
const HEADER = "X-Softphone-Check";
const WITHOUT_MICROPHONE = { mediaConstraints: { audio: false, video: false }, pcConfig: { iceServers: [] } };

/** `fault` is null when sound comes through, "checking" until that is known. `changed()` is called when that changes. */
export class MediaCheck {
  constructor(changed) {
    this.changed = changed;
    this.fault = "checking";
    this.call = null;
    this.timer = null;
  }

  /** Try it with the credentials of the registration, and again until it works. */
  async run(credentials) {
    this.stop();
    const call = new LoopCall(credentials);
    this.call = call;
    const good = await call.place();
    if (this.call !== call) return;
    this.call = null;
    if (!good) this.timer = setTimeout(() => this.run(credentials), RETRY);
    this.set(good ? null : "no-media");
  }

  /** Nothing is known any more: the network changed, or a call had no sound. */
  forget(fault = "checking") {
    this.stop();
    this.set(fault);
  }

  stop() {
    clearTimeout(this.timer);
    this.call?.end(false);
    this.call = null;
  }

  /** Whether a call that comes in is the page's own; it is taken. */
  takes(session, request) {
    const own = this.call !== null && request.getHeader(HEADER) === this.call.token;
    if (own) this.call.take(session);
    return own;
  }

  set(fault) {
    if (this.fault === fault) return;
    this.fault = fault;
    this.changed();
  }
}

/** Whether a session is somebody's trial, which is no call. */
export function isTrial(request) {
  return request.hasHeader(HEADER);
}

/** One call of the page to itself. Its caller has a connection of its own: a user agent refuses what it sent itself. */
class LoopCall {
  constructor({ url, user, name, password }) {
    this.token = crypto.randomUUID();
    this.target = `sip:loopback@${new URL(url).hostname}`;
    this.connected = 0;
    this.caller = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(url)],
      uri: `sip:${user}@${new URL(url).hostname}`,
      authorization_user: name,
      password,
      register: false,
      session_timers: false,
      user_agent: "cx",
    });
  }

  /** True when both of its ends are connected in time. */
  place() {
    return new Promise((resolve) => {
      this.resolve = resolve;
      this.limit = setTimeout(() => this.end(false), LIMIT);
      this.caller.on("connected", () => this.dial());
      this.caller.start();
    });
  }

  dial() {
    const eventHandlers = {
      peerconnection: ({ peerconnection }) => this.watch(peerconnection),
      icecandidate: ({ ready }) => ready(),
      failed: () => this.end(false),
    };
    const extraHeaders = [`${HEADER}: ${this.token}`];
    this.caller.call(this.target, { ...WITHOUT_MICROPHONE, eventHandlers, extraHeaders, rtcOfferConstraints: { offerToReceiveAudio: true } });
  }

  take(session) {
    session.on("peerconnection", ({ peerconnection }) => this.watch(peerconnection));
    session.on("icecandidate", ({ ready }) => ready());
    session.answer(WITHOUT_MICROPHONE);
  }

  watch(connection) {
    connection.addEventListener("connectionstatechange", () => {
      if (connection.connectionState === "failed") this.end(false);
      if (connection.connectionState === "connected" && ++this.connected === 2) this.end(true);
    });
  }

  end(good) {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.limit);
    this.caller.stop();
    this.resolve(good);
  }
}
