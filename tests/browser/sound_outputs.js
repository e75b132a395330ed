// Listens to what the page's AudioContexts send to each sound output.
window.hertzOn = (() => {
  const meters = new Map();
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target === this.context.destination) {
      if (!meters.has(this.context)) meters.set(this.context, Object.assign(this.context.createAnalyser(), { fftSize: 4096, smoothingTimeConstant: 0 }));
      connect.call(this, meters.get(this.context));
    }
    return connect.call(this, target, ...rest);
  };

  function strongest(meter) {
    const levels = new Float32Array(meter.frequencyBinCount);
    meter.getFloatFrequencyData(levels);
    const best = levels.indexOf(Math.max(...levels));
    return levels[best] > -80 ? (best * meter.context.sampleRate) / meter.fftSize : 0;
  }

  // The strongest frequency of each AudioContext that plays on this output.
  return (output) => [...meters.values()].filter((meter) => meter.context.sinkId === output).map(strongest);
})();
