import { lifeOfARequest } from "../pictures/life-of-a-request.js";
import { checkScreen } from "../pictures/screens.js";
import { statesOfAVM } from "../pictures/states-of-a-vm.js";
import { whereTheWebhookSits } from "../pictures/where-the-webhook-sits.js";
import type { GeneratedFile } from "./files.js";

/** The pictures that come out the same every time. The others need a cluster or a Prometheus: scripts/pictures.ts. */
export const pictures: readonly GeneratedFile[] = [
  { path: "docs/images/where-the-webhook-sits.svg", render: whereTheWebhookSits },
  { path: "docs/images/life-of-a-request.svg", render: lifeOfARequest },
  { path: "docs/images/states-of-a-vm.svg", render: statesOfAVM },
  { path: "docs/images/check.svg", render: checkScreen },
];
