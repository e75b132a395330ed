// The settings of the softphone: devices, level of the microphone, an echo of oneself, answering by itself.

import { sampleRing } from "../ring.js";
import { text } from "../texts.js";
import { soundTone } from "./answer_tone.js";
import { choose, chosen, direct } from "./choices.js";

const byId = (id) => document.getElementById(id);
const ECHO_DELAY_SECONDS = 1;
const KINDS = { microphone: "audioinput", speaker: "audiooutput", ringer: "audiooutput" };

/** `open()` shows them. */
export function makeSettings(softphone) {
  const dialog = byId("softphone-dialog");
  const trial = new Trial(softphone.microphone);
  for (const name of Object.keys(KINDS)) {
    byId(`softphone-${name}`).addEventListener("change", (event) => {
      choose(name, event.target.value);
      if (name === "microphone") trial.restart();
      else if (name === "speaker") speakerChanged(softphone);
      else sampleRing();
    });
  }
  byId("softphone-auto").addEventListener("change", (event) => choose("autoAnswer", event.target.checked ? "yes" : ""));
  byId("softphone-echo").addEventListener("click", () => trial.echo(byId("softphone-echo").getAttribute("aria-pressed") !== "true"));
  dialog.addEventListener("close", () => { trial.stop(); if (!softphone.call) softphone.microphone.close(); });
  return {
    async open() {
      dialog.showModal();
      byId("softphone-auto").checked = softphone.answersUnasked;
      await trial.start();
      await listDevices();
    },
  };
}

// In a call one hears at once whether it is the right one.
function speakerChanged(softphone) {
  if (softphone.call) direct(softphone.call.sound, "speaker");
  else soundTone();
}

// Names of devices are known once the microphone was allowed.
async function listDevices() {
  const devices = await navigator.mediaDevices?.enumerateDevices() ?? [];
  for (const [name, kind] of Object.entries(KINDS)) {
    const list = byId(`softphone-${name}`);
    const options = devices.filter((device) => device.kind === kind && device.deviceId !== "default" && device.deviceId);
    list.replaceChildren(option("", text("device-default")), ...options.map((each) => option(each.deviceId, each.label)));
    list.value = options.some((each) => each.deviceId === chosen(name)) ? chosen(name) : "";
  }
}

function option(value, label) {
  const made = document.createElement("option");
  made.value = value;
  made.textContent = label;
  return made;
}

/** Lets one see and hear the microphone. */
class Trial {
  constructor(microphone) {
    this.microphone = microphone;
    this.context = null;
  }

  async start() {
    const stream = await this.microphone.open();
    if (!stream) return;
    this.context = new AudioContext();
    this.source = this.context.createMediaStreamSource(stream);
    this.meter = this.context.createAnalyser();
    this.source.connect(this.meter);
    this.timer = setInterval(() => this.measure(), 100);
  }

  stop() {
    clearInterval(this.timer);
    this.echo(false);
    this.context?.close();
    this.context = null;
  }

  async restart() {
    this.stop();
    await this.microphone.change();
    await this.start();
  }

  measure() {
    const samples = new Float32Array(this.meter.fftSize);
    this.meter.getFloatTimeDomainData(samples);
    byId("softphone-level").value = Math.max(...samples.map(Math.abs));
  }

  /** Hear oneself a second later. */
  async echo(wanted) {
    const button = byId("softphone-echo");
    button.setAttribute("aria-pressed", String(wanted && this.context !== null));
    if (!wanted) {
      this.delay?.disconnect();
      this.delay = null;
    } else if (this.context) {
      await direct(this.context, "speaker");
      this.delay = this.context.createDelay(ECHO_DELAY_SECONDS);
      this.delay.delayTime.value = ECHO_DELAY_SECONDS;
      this.source.connect(this.delay).connect(this.context.destination);
    }
  }
}
