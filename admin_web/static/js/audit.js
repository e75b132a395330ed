// The audit's page: it shows the past, so it has no live picture; it keeps the session while somebody is there.

import { listenToKeys } from "./keyboard.js";
import { makeMenus } from "./menu.js";
import { keepSession } from "./session.js";

makeMenus();
listenToKeys();
keepSession({ isLive: () => false, suspended: false, idleSeconds: Number(document.body.dataset.idleSeconds) });
