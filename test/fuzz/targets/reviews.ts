import { bodyMarker } from "../../support/output-secrets.js";
import {
  cocoonOwner,
  cocoonSet,
  cocoonToleration,
  hibernation,
  pod,
  workload,
} from "../../support/objects.js";
import { admissionRequest, reviewOf, scaleRequest } from "../../support/admission-request.js";

const deployment = (replicas: number): object => workload("Deployment", "demo", replicas);
const update = (
  before: object,
  after: object,
): { operation: "UPDATE"; oldObject: object; object: object } => ({
  operation: "UPDATE",
  oldObject: before,
  object: after,
});

/** One review for each way that a policy may go. */
export const reviews: readonly string[] = [
  admissionRequest("Pod", { object: pod("demo") }),
  admissionRequest("Pod", { object: pod("demo", { ownerReferences: [cocoonOwner("set", "u")] }) }),
  admissionRequest("Pod", { name: "", object: pod("", { generateName: "demo-" }) }),
  admissionRequest("Pod", update(pod("demo", { tolerations: [] }), pod("demo"))),
  admissionRequest("Deployment", update(deployment(3), deployment(1))),
  admissionRequest("Deployment", update(deployment(3), workload("Deployment", "demo", 3, []))),
  admissionRequest("StatefulSet", {
    ...update(
      workload("StatefulSet", "demo", 3),
      workload("StatefulSet", "demo", 3, [cocoonToleration], { ordinals: { start: 1 } }),
    ),
  }),
  admissionRequest("Job", { operation: "DELETE", oldObject: workload("Deployment", "demo", 1) }),
  scaleRequest("deployments", 3, 1),
  admissionRequest("CocoonSet", { object: cocoonSet("demo") }),
  admissionRequest("CocoonSet", {
    object: cocoonSet("demo", {
      agent: { image: "http://x", backend: "firecracker", os: "windows", replicas: -1 },
      toolboxes: [{ name: "db", image: "x", mode: "static" }, { name: "db" }, { name: "7" }],
    }),
  }),
  admissionRequest("CocoonSet", { ...update(cocoonSet("demo", { agent: {} }), cocoonSet("demo")) }),
  admissionRequest("CocoonHibernation", { object: hibernation("demo") }),
  admissionRequest("CocoonHibernation", { object: hibernation("demo", "other") }),
].map(reviewOf);

/** What reviews are made of. */
export const reviewWords: readonly string[] = [
  ...[
    '"uid":',
    '"request":',
    '"object":',
    '"oldObject":',
    '"operation":',
    '"CREATE"',
    '"UPDATE"',
    '"DELETE"',
  ],
  ...['"metadata":', '"spec":', '"tolerations":', '"key":', '"virtual-kubelet.io/provider"', '"replicas":'],
  ...['"ownerReferences":', '"CocoonSet"', '"Pod"', '"Deployment"', '"subResource":"scale"', '"template":'],
  ...[
    '"__proto__":',
    '"constructor":',
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"',
    "null",
    "true",
    "1e400",
    "\\ud800",
  ],
  ...[
    '"namespace":',
    '"generateName":',
    '"userInfo":',
    '"username":',
    '"toolboxes":',
    '"agent":',
    '"image":',
  ],
  bodyMarker,
];
