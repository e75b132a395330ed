// The pages of recordings: they show the past, so they have no live picture.

import { listenToKeys } from "./keyboard.js";
import { makeMenus } from "./menu.js";
import { makePlayers } from "./player.js";
import { keepSession } from "./session.js";

makeMenus();
listenToKeys();
makePlayers();
keepSession({ isLive: () => false, suspended: false, idleSeconds: Number(document.body.dataset.idleSeconds) });
