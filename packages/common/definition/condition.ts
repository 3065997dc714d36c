import Type from "typebox";
import { described } from "./describe.js";
import { ConditionStatus } from "./enums.js";

/** Kubernetes' `metav1.Condition`, with the bounds that its own types have. */
export const Condition = Type.Object(
  {
    type: Type.String({
      description: "What is observed, in CamelCase, such as Ready or Progressing; one entry for each type.",
      maxLength: 316,
      pattern:
        "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$",
    }),
    status: described(ConditionStatus, "Whether it holds: True, False or Unknown."),
    observedGeneration: Type.Optional(
      Type.Integer({
        description:
          "metadata.generation of the spec that was looked at. Below the current one, the condition is out of date.",
        format: "int64",
        minimum: 0,
      }),
    ),
    lastTransitionTime: Type.String({
      description: "When status last changed (RFC 3339); it stays while only reason or message change.",
      format: "date-time",
    }),
    reason: Type.String({
      description: "Why, as one CamelCase word for programs, such as AllAgentsReady.",
      minLength: 1,
      maxLength: 1024,
      pattern: "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$",
    }),
    message: Type.String({ description: "Why, in a sentence for people; may be empty.", maxLength: 32768 }),
  },
  {
    title: "Condition",
    description: "One observation about an object, with the time since which it holds.",
    examples: [
      {
        type: "Ready",
        status: "False",
        reason: "Scaling",
        message: "2 of 3 agents run",
        lastTransitionTime: "2026-01-31T12:00:00Z",
      },
    ],
  },
);

/** The `conditions` of a status: a map by type, so that two controllers can each apply their own. */
export const Conditions = Type.Array(Condition, {
  description:
    "What is observed at present, one entry for each type. Wait for it: kubectl wait --for=condition=Ready.",
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": ["type"],
});
