// Listens to what the page's softphone plays: real connections, of which it only keeps a list.
window.softphoneSpy = (() => {
  const connections = [];
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(...options) {
      super(...options);
      connections.push(this);
    }
  };
  let context = null;
  let tapped = null;
  let meter = null;

  function tap() {
    const connection = connections.findLast((each) => each.connectionState !== "closed");
    const track = connection?.getReceivers()[0]?.track;
    if (!track || connection.connectionState !== "connected") return false;
    if (track === tapped) return true;
    context ??= new AudioContext();
    meter = context.createAnalyser();
    meter.fftSize = 4096;
    meter.smoothingTimeConstant = 0;
    context.createMediaStreamSource(new MediaStream([track])).connect(meter);
    tapped = track;
    return true;
  }

  function isLoud() {
    if (!tap()) return false;
    const samples = new Float32Array(meter.fftSize);
    meter.getFloatTimeDomainData(samples);
    return samples.some((sample) => Math.abs(sample) > 0.02);
  }

  return {
    connections,
    // Presses the button that answers; milliseconds until something is heard.
    async answerAndListen() {
      context ??= new AudioContext();
      const pressed = performance.now();
      document.getElementById("softphone-answer").click();
      while (!isLoud()) await new Promise((resolve) => { setTimeout(resolve, 2); });
      return performance.now() - pressed;
    },
    // How sound is coded both ways on the connection that is in use: "audio/opus audio/opus".
    async codecs() {
      const connection = connections.findLast((each) => each.connectionState === "connected");
      const rows = [...(await connection.getStats()).values()];
      const of = (type) => rows.find((row) => row.id === rows.find((each) => each.type === type)?.codecId)?.mimeType;
      return `${of("inbound-rtp")} ${of("outbound-rtp")}`;
    },
    // Whether what the connection in use sends is "live" or "ended".
    microphones() {
      const connection = connections.findLast((each) => each.connectionState === "connected");
      return connection.getSenders().filter((each) => each.track).map((each) => each.track.readyState);
    },
    // Whether each of these frequencies is heard at this moment, beside whatever else.
    hearsAll(wanted) {
      if (!tap()) return false;
      const levels = new Float32Array(meter.frequencyBinCount);
      meter.getFloatFrequencyData(levels);
      const width = context.sampleRate / meter.fftSize;
      return wanted.every((hertz) => levels[Math.round(hertz / width)] > -50);
    },
    // The strongest frequency in Hz; 0 for silence, null while nothing is connected.
    heard() {
      if (!tap()) return null;
      const levels = new Float32Array(meter.frequencyBinCount);
      meter.getFloatFrequencyData(levels);
      let best = 0;
      for (let at = 1; at < levels.length; at += 1) if (levels[at] > levels[best]) best = at;
      return levels[best] > -70 ? (best * context.sampleRate) / meter.fftSize : 0;
    },
  };
})();
