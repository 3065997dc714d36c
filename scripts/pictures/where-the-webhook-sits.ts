import { arrow, box, svgOf, text } from "./diagram.js";

const asking = [
  { y: 62, lines: ["people", "kubectl, CI"] },
  { y: 142, lines: ["autoscalers", "PATCH …/scale"] },
  { y: 222, lines: ["Cocoon operator", "CocoonSet → pods"] },
];

/** Who writes, who is asked, and where it goes. */
export const whereTheWebhookSits = (): string =>
  svgOf({
    title: "Where the webhook sits",
    description:
      "People, autoscalers and the Cocoon operator write to the API server. Before it stores cocoon pods, scale-downs, CocoonSets and CocoonHibernations in etcd, it asks the webhook, which allows or refuses. Ordinary objects never reach the webhook. Stored cocoon pods become VMs on the nodes.",
    width: 860,
    height: 392,
    parts: [
      text({ x: 24, y: 36, kind: "name", size: 16 }, "Where the webhook sits"),
      ...asking.map(({ y, lines }) => box({ x: 24, y, width: 170, height: 56 }, lines)),
      ...asking.map(({ y }) => arrow(`M194 ${y + 28}H308`)),
      box({ x: 310, y: 62, width: 190, height: 216 }, [
        "kube-apiserver",
        "who are you, may you?",
        "schema and CEL rules",
        "",
        "is a VM at stake?",
        "(matchConditions)",
      ]),
      arrow("M500 90H688"),
      text({ x: 594, y: 82, anchor: "middle", size: 12 }, "all else, and what is allowed"),
      box({ x: 690, y: 62, width: 146, height: 56 }, ["etcd", "what is stored"]),
      arrow("M763 118V220"),
      box({ x: 690, y: 222, width: 146, height: 56 }, ["vk-cocoon node", "pods run as VMs"]),
      arrow("M380 278V322", "own-line"),
      arrow("M430 324V280", "own-line"),
      text({ x: 372, y: 306, anchor: "end", kind: "own-text", size: 12 }, "AdmissionReview"),
      text({ x: 438, y: 306, kind: "own-text", size: 12 }, "allowed, or refused with the way out"),
      box({ x: 310, y: 324, width: 190, height: 48 }, ["cocoon-webhook"], "own"),
      text(
        { x: 516, y: 344, kind: "own-text", size: 12 },
        "asked about cocoon pods, scale-downs, CocoonSets",
      ),
      text(
        { x: 516, y: 362, kind: "own-text", size: 12 },
        "and hibernations, which are refused while it is silent",
      ),
    ],
  });
