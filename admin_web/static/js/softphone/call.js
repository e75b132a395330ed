// One call of the softphone: it rings, is answered, hears and is heard, and ends from either side.

import { direct } from "./choices.js";
import { EarlyConnection } from "./early_connection.js";

const CONFIGURATION = { iceServers: [] };
const SILENT_FOR = 3000;

/** `state` is "ringing", "talking" or "ended"; `changed()` is called with each. `session`, `request`: JsSIP's. */
export class Call {
  constructor(session, request, microphone, changed) {
    Object.assign(this, { session, microphone, changed });
    this.state = "ringing";
    this.failed = false;
    this.muted = false;
    this.sound = new Audio();
    this.sound.autoplay = true;
    direct(this.sound, "speaker");
    session.on("peerconnection", ({ peerconnection }) => this.listen(peerconnection));
    session.on("icecandidate", ({ ready }) => ready());
    session.on("confirmed", () => this.move("talking"));
    session.on("ended", () => this.over());
    session.on("failed", ({ cause }) => { this.failed = cause === "WebRTC Error" || cause === "RTP Timeout"; this.over(); });
    if (request.body) this.early = new EarlyConnection(session, request, (connection) => this.listen(connection));
  }

  listen(connection) {
    this.connection = connection;
    connection.addEventListener("track", (event) => { this.sound.srcObject = event.streams[0] ?? new MediaStream([event.track]); });
    connection.addEventListener("connectionstatechange", () => {
      clearTimeout(this.silence);
      const { connectionState } = connection;
      if (connectionState === "failed") this.lost();
      else if (connectionState === "disconnected") this.silence = setTimeout(() => this.lost(), SILENT_FOR);
      else if (connectionState === "connected") this.failed = false;
    });
  }

  // The browser alone would go on trying for half a minute, and nobody hears anything.
  lost() {
    if (this.state !== "talking") return;
    this.failed = true;
    this.changed();
  }

  /** Pick up. The microphone is open while it rings, so that nobody waits for it. */
  async answer() {
    if (this.state !== "ringing" || this.answering) return;
    this.answering = true;
    const [stream] = await Promise.all([this.microphone.open(), this.early?.laid]);
    if (!stream || this.state !== "ringing") {
      this.answering = false;
      return;
    }
    if (this.early?.isUsable) this.early.answer(stream);
    else this.session.answer({ mediaStream: stream, pcConfig: CONFIGURATION, rtcAnswerConstraints: {} });
  }

  hangUp() {
    if (this.session.isEnded()) return;
    this.session.terminate(this.state === "ringing" ? { status_code: 480 } : undefined);
  }

  /** Whether the other side hears the microphone. */
  mute(muted) {
    this.muted = muted;
    if (muted) this.session.mute({ audio: true });
    else this.session.unmute({ audio: true });
    this.changed();
  }

  /** Another microphone takes the place of the one that the call began with. */
  speakBy(stream) {
    const [track] = stream.getAudioTracks();
    track.enabled = !this.muted;
    this.connection?.getSenders().find((each) => each.track?.kind === "audio")?.replaceTrack(track);
  }

  over() {
    clearTimeout(this.silence);
    this.sound.srcObject = null;
    this.early?.close();
    this.move("ended");
  }

  move(state) {
    this.state = state;
    this.changed();
  }
}
