// What every page of the administration has: menus, keys, the line at the foot.

import { goLive } from "./connection.js";
import { listenToKeys } from "./keyboard.js";
import { makeMenus } from "./menu.js";

makeMenus();
listenToKeys();
goLive(() => {});
