// One tab is the softphone. The others wait, and say so; one of them takes over when it is asked to, or when the first goes.

const LOCK = "cx-softphone";

/**
 * Calls `changed(true)` when this tab becomes the softphone of the browser, and `changed(false)` when another is it.
 * `isSoftphone` is null until that is known.
 */
export class Tab {
  constructor(changed) {
    this.changed = changed;
    this.isSoftphone = null;
    this.begin();
  }

  begin() {
    navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => {
      if (lock) return this.hold();
      this.set(false);
      this.wait();
      return null;
    }).catch(() => this.lost());
  }

  wait() {
    this.request({});
  }

  /** Become the softphone now; whichever tab is it loses it. */
  takeOver() {
    this.request({ steal: true });
  }

  request(options) {
    navigator.locks.request(LOCK, options, () => this.hold()).catch(() => this.lost());
  }

  hold() {
    this.set(true);
    return new Promise(() => {});
  }

  lost() {
    this.set(false);
    this.wait();
  }

  set(isSoftphone) {
    this.isSoftphone = isSoftphone;
    this.changed(isSoftphone);
  }
}
