import Type from "typebox";
import { described } from "./describe.js";
import { Quantity } from "./quantity.js";

export const ResourceClaim = Type.Object(
  {
    name: Type.String({ description: "Name of an entry in the pod's resourceClaims." }),
    request: Type.Optional(
      Type.String({ description: "One request within that claim; empty makes all of it available." }),
    ),
  },
  {
    title: "ResourceClaim",
    description: "A device claim that the container may use.",
    examples: [{ name: "gpu" }],
  },
);

export const ResourceRequirements = Type.Object(
  {
    claims: Type.Optional(
      Type.Array(ResourceClaim, {
        description: "Device claims that the VM may use (dynamic resource allocation).",
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["name"],
      }),
    ),
    limits: Type.Optional(
      Type.Record(
        Type.String(),
        described(Quantity, "The most of this resource that the VM gets, such as 4 or 8Gi."),
        {
          description: "The most that the VM gets of each resource, such as cpu: 4 and memory: 8Gi.",
        },
      ),
    ),
    requests: Type.Optional(
      Type.Record(
        Type.String(),
        described(Quantity, "The amount of this resource set aside, such as 500m or 4Gi."),
        {
          description:
            "What the scheduler sets aside of each resource on the node, such as cpu: 2 and memory: 4Gi. Where a " +
            "resource is missing here, its limit counts.",
        },
      ),
    ),
  },
  {
    title: "ResourceRequirements",
    description: "CPU, memory and devices, as on a Kubernetes container.",
    examples: [{ requests: { cpu: 2, memory: "4Gi" }, limits: { memory: "8Gi" } }],
  },
);

const optional = (what: string) =>
  Type.Optional(
    Type.Boolean({ description: `Whether the VM may start without that ${what}; false unless set.` }),
  );

const name = (what: string) =>
  Type.Optional(
    Type.String({ default: "", description: `Name of the ${what}, in the namespace of the CocoonSet.` }),
  );

export const ConfigMapEnvSource = Type.Object(
  { name: name("ConfigMap"), optional: optional("ConfigMap") },
  {
    title: "ConfigMapEnvSource",
    description: "A ConfigMap whose every entry becomes a variable.",
    examples: [{ name: "settings" }],
    "x-kubernetes-map-type": "atomic",
  },
);

export const SecretEnvSource = Type.Object(
  { name: name("Secret"), optional: optional("Secret") },
  {
    title: "SecretEnvSource",
    description: "A Secret whose every entry becomes a variable.",
    examples: [{ name: "tokens", optional: true }],
    "x-kubernetes-map-type": "atomic",
  },
);

export const EnvFromSource = Type.Object(
  {
    configMapRef: Type.Optional(described(ConfigMapEnvSource, "Take every entry of this ConfigMap.")),
    secretRef: Type.Optional(described(SecretEnvSource, "Take every entry of this Secret.")),
    prefix: Type.Optional(
      Type.String({ description: "Text put before each variable's name, such as APP_." }),
    ),
  },
  {
    title: "EnvFromSource",
    description: "A ConfigMap or a Secret whose entries become environment variables.",
    examples: [{ configMapRef: { name: "settings" }, prefix: "APP_" }],
  },
);
