// A queue's page: what its texts say.

import { showSpoken } from "./spoken.js";

showSpoken();
