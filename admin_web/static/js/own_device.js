// The user's own telephone may be a page in another tab of this browser. What is asked for in one tab is answered there.

const channel = new BroadcastChannel("cx-own-device");

/** The own device is about to ring because the user asked for it; null: it is not, after all. */
export function expectOwnCall(what) {
  channel.postMessage(what);
}

/** Call `act` with what another tab expects. */
export function onOwnCallExpected(act) {
  channel.addEventListener("message", (event) => act(event.data));
}
