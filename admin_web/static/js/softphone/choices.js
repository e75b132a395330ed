// What the user of this browser chose: microphone, loudspeakers, and whether calls are answered by themselves.

const STORED = { microphone: "cx-microphone", speaker: "cx-speaker", ringer: "cx-ringer", autoAnswer: "cx-auto-answer" };

/** The identity of a device, empty for the one that the computer would take; for `autoAnswer` "yes" or empty. */
export function chosen(name) {
  return localStorage.getItem(STORED[name]) ?? "";
}

/** Keep a choice. */
export function choose(name, value) {
  localStorage.setItem(STORED[name], value);
}

/** Let a sound come out of the chosen device; one that was unplugged leaves the computer's own choice. */
export async function direct(output, name) {
  if (!output.setSinkId) return;
  try {
    await output.setSinkId(chosen(name));
  } catch {
    await output.setSinkId("");
  }
}
