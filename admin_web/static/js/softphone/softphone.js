// The softphone of this page: whether it can take calls is told to the core, which rings nothing else.

import { post } from "../commands.js";
import { becomeSoftphonePage, page } from "./page.js";
import { Call } from "./call.js";
import { soundTone } from "./answer_tone.js";
import { chosen } from "./choices.js";
import { isTrial, MediaCheck } from "./media_check.js";
import { Microphone } from "./microphone.js";
import { makePanel } from "./panel.js";
import { Registration } from "./registration.js";
import { Tab } from "./tab.js";

const REPORT_AGAIN = 1000;
const STRAY_CALL = 4000;
const EXPECTED_FOR = 15000;
const OTHER_MAY_RETURN = 60000;
const JUST_OPENED = 30000;
const UNTOLD = ["starting", "other-tab", "elsewhere"];
const AWAY = ["other-tab", "elsewhere"];
const PASSING = ["not-registered", "checking", "microphone-not-asked"];

/** The softphone of an agent whose telephone is the page. */
export function makeSoftphone() {
  document.body.dataset.live += `?page=${page}`;
  return new Softphone();
}

class Softphone {
  constructor() {
    this.row = null;
    this.live = false;
    this.call = null;
    this.reportedAt = 0;
    this.strayTimer = null;
    this.elsewhere = false;
    this.microphone = new Microphone(() => this.look(), () => this.call);
    this.media = new MediaCheck(() => this.look());
    this.registration = new Registration({
      changed: () => this.registrationChanged(),
      called: (session, request) => this.called(session, request),
    });
    this.panel = makePanel(this);
    this.tab = navigator.locks ? new Tab((mine) => this.tabChanged(mine)) : { isSoftphone: true, takeOver() {} };
    this.microphone.start();
    if (!navigator.locks) this.tabChanged(true);
    new MutationObserver(() => this.connectionChanged()).observe(document.body, { attributeFilter: ["data-connection"] });
    window.addEventListener("online", () => this.registration.reconnect());
    setInterval(() => this.look(), REPORT_AGAIN);
  }

  /** Why it cannot be rung; null when it can. */
  get fault() {
    if (this.tab.isSoftphone === null) return "starting";
    if (!this.tab.isSoftphone) return "other-tab";
    if (this.isElsewhere) return "elsewhere";
    return this.microphone.fault ?? this.registration.fault ?? (this.call?.failed ? "no-sound" : this.mediaFault);
  }

  // A call that runs is the better trial, and a caller who is kept for this page is not to wait for one.
  get mediaFault() {
    const trusted = this.call !== null || (this.row?.returning && this.media.fault === "checking");
    return trusted ? null : this.media.fault;
  }

  /** Whether another page of this agent is the softphone. */
  get isAway() {
    return AWAY.includes(this.fault);
  }

  // Another computer's page is the softphone, and the agent did not choose this one.
  get isElsewhere() {
    return this.elsewhere && !this.claims;
  }

  // The page that the core rings is open, and it is neither this one nor one of this browser that has let go.
  get isOther() {
    const { softphonePage, deviceFault } = this.row;
    return Boolean(softphonePage) && deviceFault !== "no-page" && ![page, this.pageBefore].includes(softphonePage);
  }

  /** The agent's row, drawn anew. */
  show(row, contact) {
    this.row = row;
    this.claims &&= row.softphonePage !== page;
    this.noteOther();
    this.outbound = Boolean(row.directContact && contact?.outbound);
    if (this.call?.state === "ringing" && this.answersByItself()) this.answerByItself(this.call);
    this.endStrayCall();
    this.look();
  }

  // A network that was lost comes back, and so does a core: the page that was the softphone comes before one that was
  // left open elsewhere. Where the agent has just opened one he is.
  noteOther() {
    if (this.isOther) {
      clearTimeout(this.otherTimer);
      this.otherTimer = null;
      this.elsewhere = true;
    } else if (performance.now() < JUST_OPENED) this.elsewhere = false;
    else if (this.elsewhere) this.otherTimer ??= setTimeout(() => { this.elsewhere = false; this.look(); }, OTHER_MAY_RETURN);
  }

  tabChanged(mine) {
    if (mine) this.becomeSoftphone();
    this.look();
  }

  /** Be the softphone here, whichever tab or computer is it now. */
  takeOver() {
    this.claims = true;
    if (this.tab.isSoftphone) this.becomeSoftphone();
    else this.tab.takeOver();
    this.look();
  }

  becomeSoftphone() {
    this.hasReported = false;
    this.pageBefore = becomeSoftphonePage();
  }

  // Whoever asked for the softphone elsewhere may not have it yet: until then this page can be rung.
  keepRegistered() {
    const { wanted } = this.registration;
    if (this.tab.isSoftphone && !this.isElsewhere) {
      if (!wanted) this.registration.start();
    } else if (wanted && this.row?.softphonePage !== page) this.registration.stop();
  }

  connectionChanged() {
    const live = document.body.dataset.connection === "live";
    if (live && this.wasLost) this.registration.reconnect();
    this.wasLost = document.body.dataset.connection === "lost";
    this.live = live;
    this.look();
  }

  registrationChanged() {
    if (this.registration.fault !== null) this.media?.forget();
    else this.checkMedia();
    this.look();
  }

  checkMedia() {
    if (this.call === null && this.registration.fault === null) this.media.run(this.registration.credentials);
  }

  // --- Calls ---

  called(session, request) {
    if (this.media.takes(session, request)) return;
    if (isTrial(request)) {
      session.terminate({ status_code: 480 });
      return;
    }
    if (this.call && this.call.state !== "ended") this.call.hangUp();
    const call = new Call(session, request, this.microphone, () => this.callChanged(call));
    this.call = call;
    this.microphone.open().then(() => { if (this.answersByItself()) this.answerByItself(call); });
    this.look();
  }

  // The core rings again after a reload, or rings first for a call out: the agent chose already.
  answersByItself() {
    return this.row?.returning || this.outbound || this.expected || this.answersUnasked;
  }

  // As the administrator set it for this user, or as the user chose here.
  get answersUnasked() {
    return document.body.dataset.autoAnswer === "yes" || chosen("autoAnswer") === "yes";
  }

  /** The agent picked up already what rings next, a parked contact for instance; null: that was refused. */
  expect(contact) {
    clearTimeout(this.expectTimer);
    this.expected = contact !== null;
    if (this.expected) this.expectTimer = setTimeout(() => { this.expected = false; }, EXPECTED_FOR);
  }

  // Nobody is put through to a caller unwarned.
  async answerByItself(call) {
    if (call.announced || call.state !== "ringing") return;
    call.announced = true;
    const unasked = !this.row?.returning && !this.outbound && !this.expected;
    this.expect(null);
    if (unasked) await soundTone();
    call.answer();
  }

  callChanged(call) {
    if (call === this.call && call.state === "ended") {
      this.call = null;
      this.microphone.close();
      if (call.failed) this.media.forget("no-media");
      if (this.media.fault !== null) this.checkMedia();
    }
    this.look();
  }

  /** Pick up; what rings at another page of this agent is brought here first, and then picked up. */
  answer() {
    if (this.isAway) {
      this.takeOver();
      this.expect(true);
    } else this.call?.answer?.();
  }

  /** Who says at this page to be available wants to be rung here. A call elsewhere stays where it is. */
  comeHere() {
    if (this.isAway && this.row?.state === "ready" && !this.row.directContact) this.takeOver();
  }

  // A call of which the core knows nothing was ended while this page had no network.
  endStrayCall() {
    const known = this.row.state === "talking" || this.row.state === "offered" || this.row.directContact || this.row.listens;
    if (this.call?.state !== "talking" || known) {
      clearTimeout(this.strayTimer);
      this.strayTimer = null;
    } else this.strayTimer ??= setTimeout(() => { this.strayTimer = null; this.call?.hangUp?.(); }, STRAY_CALL);
  }

  // --- What the core is told ---

  look() {
    if (!this.panel || !this.tab) return;
    this.keepRegistered();
    this.panel.show();
    this.report();
  }

  report() {
    const fault = this.fault;
    if (!this.row || !this.live || UNTOLD.includes(fault)) return;
    // The other rings on until this page can, or is known not to.
    if (this.isOther && PASSING.includes(fault)) return;
    const agrees = this.row.deviceFault === fault && this.row.softphonePage === page;
    const again = performance.now() - this.reportedAt > REPORT_AGAIN;
    if (agrees ? this.hasReported : this.reported === fault && !again) return;
    this.reported = fault;
    this.reportedAt = performance.now();
    this.hasReported = true;
    post("/commands/report-softphone", { page, fault }).catch(() => {});
  }
}
