import type { Section } from "../core/section.js";
import { apiServer } from "./api-server.js";
import { endurance } from "./endurance.js";
import { functions } from "./functions.js";
import { growth } from "./growth.js";
import { halfLoad } from "./half-load.js";
import { idle } from "./idle.js";
import { imports } from "./imports.js";
import { operator } from "./operator.js";
import { requests } from "./requests.js";
import { scale } from "./scale.js";
import { startup } from "./startup.js";

/** All of them, in the order in which they run. */
export const sections: readonly Section[] = [
  requests,
  halfLoad,
  scale,
  apiServer,
  startup,
  imports,
  functions,
  idle,
  growth,
  operator,
  endurance,
];
