import { deadlineOf } from "../../packages/webhook/src/admission/deadline.js";
import { options } from "../../packages/webhook/src/config/index.js";
import { timeoutSeconds } from "../../packages/webhook/src/registration/index.js";
import { arrow, lineHeight, svgOf, text } from "./diagram.js";

/** A step, who takes it, and what comes of it when it does not go well. */
interface Step {
  readonly by: "API server" | "webhook";
  readonly does: readonly [string, ...string[]];
  readonly otherwise: readonly string[];
}

/** Times and sizes as the software has them, so that the picture cannot say others. */
function steps(): readonly Step[] {
  const decidesSeconds = deadlineOf({ receivedAtMs: 0, timeoutMs: timeoutSeconds * 1000 }) / 1000;
  const longestMiB = Number(options.maxBodyBytes.fallback) / 2 ** 20;
  return [
    {
      by: "API server",
      does: ["Who are you, and may you?", "authentication, RBAC"],
      otherwise: ["401 or 403; nobody else is asked"],
    },
    {
      by: "API server",
      does: ["Does it have the right form?", "schema and CEL rules of the CRDs"],
      otherwise: ["422, in the words of the CRD"],
    },
    {
      by: "API server",
      does: ["Is a VM at stake?", "matchConditions of each entry"],
      otherwise: ["no: stored, and nobody is asked"],
    },
    {
      by: "API server",
      does: ["Asks: POST with an AdmissionReview", `TLS; waits ${timeoutSeconds} s for the answer`],
      otherwise: ["no answer: 500 “failed calling webhook”,", "not stored; a mere warning is left out"],
    },
    {
      by: "webhook",
      does: ["Reads the review", `at most ${longestMiB} MiB, within ${options.bodyTimeoutMs.fallback}`],
      otherwise: [
        "no review: 400, 408, 413 or 415",
        `over ${options.maxInFlight.fallback} at once: 503, asked again`,
      ],
    },
    {
      by: "webhook",
      does: ["Looks up what is not in the review", "the workload behind /scale, other hibernations"],
      otherwise: [`not known ${decidesSeconds} s after the review came:`, "refused, 503 “try again”"],
    },
    {
      by: "webhook",
      does: ["Decides: one Decision", "is the answer, a metric and a log line"],
      otherwise: ["refused: 403 or 422, with the way out"],
    },
    {
      by: "API server",
      does: ["Stores it in etcd", "answers, with warnings where VMs go"],
      otherwise: [],
    },
  ];
}

const [top, stepHeight, gap] = [84, 56, 20];

/** A write from kubectl to etcd. */
export function lifeOfARequest(): string {
  const all = steps();
  return svgOf({
    title: "The life of an admission request",
    description: all
      .map(({ by, does, otherwise }, index) => {
        const fault = otherwise.length === 0 ? "" : ` Otherwise: ${otherwise.join(" ")}.`;
        return `${index + 1}. ${by}: ${does.join(", ")}.${fault}`;
      })
      .join(" "),
    width: 900,
    height: top + all.length * (stepHeight + gap) + 34,
    parts: [
      text({ x: 24, y: 36, kind: "name", size: 16 }, "The life of an admission request"),
      text({ x: 150, y: 70 }, "what happens"),
      text({ x: 570, y: 70 }, "when it does not go well"),
      ...all.flatMap((step, index) => drawn(step, index, index + 1 === all.length)),
      text(
        { x: 140, y: top + all.length * (stepHeight + gap) + 10, size: 13 },
        "About new pods it asks before step 2 as well, so that a stray one is refused early.",
      ),
    ],
  });
}

function drawn(
  { by, does: [does, how], otherwise }: Step,
  index: number,
  isLast: boolean,
): readonly string[] {
  const y = top + index * (stepHeight + gap);
  const kind = by === "webhook" ? "own" : "box";
  const [name, body] = kind === "own" ? ["name own-text", "own-text"] : ["name", ""];
  const middle = y + stepHeight / 2 + 5;
  const first = middle - ((otherwise.length - 1) * lineHeight) / 2;
  return [
    text({ x: 126, y: middle, anchor: "end", kind: body }, by === "webhook" ? "cocoon-webhook" : by),
    `<rect class="${kind}" x="140" y="${y}" width="386" height="${stepHeight}" rx="8"/>`,
    text({ x: 158, y: y + 24, kind: name }, `${index + 1}. ${does}`),
    text({ x: 158, y: y + 24 + lineHeight, kind: body }, how ?? ""),
    ...(isLast ? [] : [arrow(`M333 ${y + stepHeight}V${y + stepHeight + gap - 2}`)]),
    ...(otherwise.length === 0
      ? []
      : [
          arrow(`M526 ${y + stepHeight / 2}H558`),
          `<rect class="fault" x="560" y="${y}" width="322" height="${stepHeight}" rx="8"/>`,
          ...otherwise.map((line, at) =>
            text({ x: 574, y: first + at * lineHeight, kind: "fault-text" }, line),
          ),
        ]),
  ];
}
