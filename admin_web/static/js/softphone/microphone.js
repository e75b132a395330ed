// The microphone: may it be used, is there one, and its sound while it is needed.

import { chosen } from "./choices.js";

const FAULTS = { NotAllowedError: "microphone-denied", SecurityError: "microphone-denied" };

/**
 * `fault` is null when it works. `changed()` is called whenever that may be otherwise. A call that runs (`call()`) goes on
 * by another microphone when its own was unplugged, or another was chosen.
 */
export class Microphone {
  constructor(changed, call) {
    Object.assign(this, { changed, call });
    this.fault = "starting";
    this.stream = null;
  }

  /** Ask for it, and look again whenever a device comes or goes, or the permission changes. */
  async start() {
    if (!navigator.mediaDevices) {
      this.set("insecure");
      return;
    }
    navigator.mediaDevices.addEventListener("devicechange", () => this.look());
    const permission = await this.permission();
    permission?.addEventListener("change", () => this.look());
    if (permission?.state === "prompt") this.set("microphone-not-asked");
    await this.look();
  }

  async permission() {
    try {
      return await navigator.permissions.query({ name: "microphone" });
    } catch {
      return null;
    }
  }

  /** Try it: only what opens works. */
  async look() {
    if (this.stream?.active) {
      this.set(null);
      return;
    }
    const stream = await this.open();
    if (!this.call()) this.close();
    else if (stream) this.call().speakBy(stream);
  }

  /** Another was chosen. */
  async change() {
    this.close();
    await this.look();
  }

  /** Its sound; null when it cannot be had, and then `fault` says why. */
  async open() {
    if (this.stream?.active) return this.stream;
    try {
      this.stream = await this.acquire();
      this.stream.getAudioTracks()[0].addEventListener("ended", () => this.lost());
      this.set(null);
    } catch (error) {
      this.stream = null;
      this.set(FAULTS[error.name] ?? "no-microphone");
    }
    return this.stream;
  }

  async acquire() {
    const processed = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    const id = chosen("microphone");
    try {
      return await navigator.mediaDevices.getUserMedia({ audio: id ? { ...processed, deviceId: { exact: id } } : processed });
    } catch (error) {
      if (!id || error.name === "NotAllowedError") throw error;
      return navigator.mediaDevices.getUserMedia({ audio: processed });
    }
  }

  /** Nobody needs it any more. */
  close() {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
  }

  lost() {
    this.stream = null;
    this.look();
  }

  set(fault) {
    if (this.fault === fault) return;
    this.fault = fault;
    this.changed();
  }
}
