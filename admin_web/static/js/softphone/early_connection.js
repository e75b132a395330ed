// The way of a call's sound, laid while it rings: ICE and DTLS are done when the agent picks up, and nobody waits for them.

const CONFIGURATION = { iceServers: [] };
const USABLE = ["new", "connecting", "connected"];

/** Nothing of a microphone goes over it before `speak`. */
export class EarlyConnection {
  /** `session` and `request` are those of a call that rings (JsSIP); `made(connection)` hears of the connection. */
  constructor(session, request, made) {
    Object.assign(this, { session, request });
    this.connection = new RTCPeerConnection(CONFIGURATION);
    made(this.connection);
    this.laid = this.lay().catch(() => this.close());
  }

  /** Whether the call can be answered with it. */
  get isUsable() {
    return USABLE.includes(this.connection.connectionState);
  }

  // The 183 bears the description that the 200 repeats, so that the SBC may begin.
  async lay() {
    const { connection, request, session } = this;
    await connection.setRemoteDescription({ type: "offer", sdp: request.body });
    for (const each of connection.getTransceivers()) each.direction = "sendrecv";
    const found = new Promise((resolve) => { connection.addEventListener("icecandidate", resolve, { once: true }); });
    await connection.setLocalDescription();
    await found;
    if (!session.isEnded() && !session.isEstablished()) {
      request.reply(183, null, [`Contact: ${session.contact}`], connection.localDescription.sdp);
    }
  }

  /** Answer the call with it, and let this microphone be heard. */
  answer(stream) {
    const [sender] = this.connection.getSenders();
    sender.replaceTrack(stream.getAudioTracks()[0]);
    this.lend();
    this.session.answer({ mediaConstraints: { audio: false, video: false } });
  }

  // JsSIP (3.13) makes a connection of its own for each answer and cannot be given one.
  lend() {
    const { session, connection } = this;
    session._createRTCConnection = () => {
      session._connection = connection;
      connection.addEventListener("iceconnectionstatechange", () => {
        if (connection.iceConnectionState === "failed") session.terminate({ status_code: 408, reason_phrase: "RTP Timeout" });
      });
    };
  }

  close() {
    this.connection.close();
  }
}
