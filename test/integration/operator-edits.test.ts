import { cocoonSetSchema } from "@cocoonstack/common/apis/v1";
import { describe, expect, it } from "vitest";
import { textOf } from "../support/documents/pages.js";
import { agentPod, setView, toolboxPod } from "../support/operator/objects.js";
import { planned } from "../support/operator/planned.js";

const [, below = ""] = textOf("docs/cocoonsets.md").split("\n## Which edits replace a VM\n");
const [section = ""] = below.split("\n## ");

/** The fields in the rows of the page's table whose second column says this. */
function fieldsThat(happens: RegExp): readonly string[] {
  const rows = section.split("\n").map((row) => row.split("|"));
  return rows
    .filter(([, , what = ""]) => happens.test(what))
    .flatMap(([, fields = ""]) => [...fields.matchAll(/`(\w+)`/g)].map(([, field = ""]) => field));
}

const replaced = fieldsThat(/the pod is replaced/);
const inPlace = fieldsThat(/annotations change/);

function fieldsOfSets(): readonly string[] {
  const spec = cocoonSetSchema.properties?.["spec"]?.properties ?? {};
  const [agent, toolboxes] = [spec["agent"]?.properties, spec["toolboxes"]?.items?.properties];
  return [...new Set([spec, agent, toolboxes].flatMap((properties) => Object.keys(properties ?? {})))];
}

/** What has rows of its own. */
const others = ["suspend", "toolboxes", "replicas", "name"];

const gateway = { name: "gw", mode: "static", staticIP: "10.0.0.9", staticVMID: "vm-9", vncPort: 5900 };

/** Another value of each field than a set has that says nothing of it. */
const edits: Readonly<Record<string, unknown>> = {
  image: "ubuntu:26.04",
  mode: "run",
  os: "windows",
  backend: "firecracker",
  storage: "20Gi",
  network: "lab",
  noDirectIO: true,
  resources: { limits: { cpu: "2" } },
  envFrom: [{ configMapRef: { name: "settings" } }],
  serviceAccountName: "agent",
  nodePool: "large",
  staticIP: "10.0.0.10",
  staticVMID: "vm-10",
  vncPort: 5901,
  snapshotPolicy: "never",
  probePort: 22,
  connType: "vnc",
  forcePull: true,
};

/** What comes of an edit of one field, of a set with a main agent and a static toolbox. */
function actsOf(field: string): readonly string[] {
  const edit = { [field]: edits[field] };
  const isOfSet = field === "nodePool" || field === "snapshotPolicy";
  const isOfGateway = Object.hasOwn(gateway, field) && field !== "mode";
  const before = setView();
  const toolbox = isOfGateway ? { ...gateway, ...edit } : gateway;
  return planned({
    agent: isOfSet || isOfGateway ? {} : edit,
    spec: { toolboxes: [toolbox], ...(isOfSet && edit) },
    pods: [agentPod(before, 0), toolboxPod(before, gateway)],
  }).acts;
}

describe("what docs/cocoonsets.md says of edits", () => {
  it("is said of every field", () => {
    expect([...replaced, ...inPlace, ...others, "agent"].sort()).toEqual([...fieldsOfSets()].sort());
    expect(others.filter((field) => !section.includes(`\`${field}\``))).toEqual([]);
  });

  it.each(replaced)("is so of %s: a VM is replaced", (field) => {
    const [first = "", ...rest] = actsOf(field);
    expect(first).toMatch(/^delete demo-(0|gw)$/);
    expect(rest).toEqual([]);
  });

  it.each(inPlace)("is so of %s: the pods change, and no VM is replaced", (field) => {
    const acts = actsOf(field);
    expect(acts).toContain("patch demo-0");
    expect(acts.filter((act) => act.startsWith("delete"))).toEqual([]);
  });
});
