// One tab is the softphone. The others wait, and say so; one of them takes over when it is asked to, or when the first goes.

const LOCK = "cx-softphone";

/** Calls `changed(true)` when this tab becomes the softphone of the browser, and `changed(false)` when another took it. */
export class Tab {
  constructor(changed) {
    this.changed = changed;
    this.isSoftphone = false;
    this.wait();
  }

  wait() {
    this.request({});
  }

  /** Become the softphone now; whichever tab is it loses it. */
  takeOver() {
    this.request({ steal: true });
  }

  request(options) {
    const held = () => {
      this.set(true);
      return new Promise(() => {});
    };
    navigator.locks.request(LOCK, options, held).catch(() => {
      this.set(false);
      this.wait();
    });
  }

  set(isSoftphone) {
    this.isSoftphone = isSoftphone;
    this.changed(isSoftphone);
  }
}
