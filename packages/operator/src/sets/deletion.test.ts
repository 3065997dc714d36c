import { describe, expect, it } from "vitest";
import { ago, agentPod, setView } from "../../../../test/support/operator/objects.js";
import { planned, recorded, type Round } from "../../../../test/support/operator/planned.js";

const set = setView({ agent: { replicas: 1 } });
const deleted = { metadata: { deletionTimestamp: ago(1_000) } };
const left = { "cocoonset.cocoonstack.io/delete-vm-names": "vk-shop-demo-0,vk-shop-demo-1" };
const saved = recorded({ "vk-shop-demo-0": { state: "saved", since: ago(1_000), digest: "sha256:a" } });
const pods = [agentPod(set, 0), agentPod(set, 1)];
const absent = { state: "absent" } as const;
const present = { state: "present", digest: "sha256:a" } as const;
const noTags = Object.fromEntries(
  ["0", "1"].flatMap((slot) => ["hibernate", "latest"].map((tag) => [`vk-shop-demo-${slot}:${tag}`, absent])),
);

describe("planCocoonSet, of a set that is deleted", () => {
  it.each<[string, Round, readonly string[]]>([
    ["writes down first what leaves", { ...deleted, pods }, ["patch owner"]],
    [
      "also what only its status knows",
      { ...deleted, status: { agents: [{ slot: 0, role: "main", vmName: "vk-shop-demo-0" }] } },
      ["patch owner"],
    ],
    ["also what its spec asks for and nothing shows any more", deleted, ["patch owner"]],
    ["deletes the pods", { ...deleted, pods, annotations: left }, ["delete demo-0", "delete demo-1"]],
    [
      "waits for them",
      {
        ...deleted,
        pods: pods.map((pod) => ({ ...pod, metadata: { ...pod.metadata, deletionTimestamp: ago(0) } })),
        annotations: left,
      },
      [],
    ],
    ["lets go when nothing is left", { ...deleted, annotations: left, tags: noTags }, ["remove-finalizer"]],
    [
      "keeps what sleeps first",
      {
        ...deleted,
        pods: [agentPod(set, 0, { state: "hibernated" })],
        annotations: { "cocoonset.cocoonstack.io/delete-vm-names": "vk-shop-demo-0", ...saved },
        tags: { "vk-shop-demo-0:latest": absent, "vk-shop-demo-0:hibernate": present },
      },
      ["retag vk-shop-demo-0:latest"],
    ],
    [
      "does nothing without its finalizer",
      { metadata: { deletionTimestamp: ago(1_000), finalizers: ["other"] }, pods },
      [],
    ],
    [
      "leaves pods to be orphaned",
      {
        metadata: {
          deletionTimestamp: ago(1_000),
          finalizers: ["cocoonset.cocoonstack.io/finalizer", "orphan"],
        },
        pods,
      },
      [],
    ],
    [
      "leaves orphans alone, with their tags",
      {
        ...deleted,
        annotations: left,
        tags: noTags,
        pods: pods.map((pod) => ({ ...pod, metadata: { ...pod.metadata, ownerReferences: [] } })),
      },
      ["remove-finalizer"],
    ],
    [
      "leaves another set's tags",
      { ...deleted, annotations: left, taken: { "vk-shop-demo-0": "a/b", "vk-shop-demo-1": "a/b" } },
      ["remove-finalizer"],
    ],
    [
      "leaves another set's tags, also before anything is written down",
      { ...deleted, taken: { "vk-shop-demo-0": "a/b" } },
      ["remove-finalizer"],
    ],
  ])("%s", (_, round, acts) => {
    expect(planned(round).acts).toEqual(acts);
  });

  it("does not write down another set's VM, which would make it its own", () => {
    const taken = { "vk-shop-demo-1": "a/b" };
    const { actions } = planned({ ...deleted, agent: { replicas: 1 }, taken });
    expect(actions).toMatchObject([
      { annotations: { "cocoonset.cocoonstack.io/delete-vm-names": "vk-shop-demo-0" } },
    ]);
  });

  it("collects nothing under a name that another set gives up meanwhile, because what that left behind is to stay", () => {
    const begun = planned({ ...deleted, pods, taken: { "vk-shop-demo-1": "a/b" } });
    const conditions = Object.values(begun.conditions).map((one) => ({ ...one, lastTransitionTime: ago(0) }));
    const annotations = { "cocoonset.cocoonstack.io/delete-vm-names": "vk-shop-demo-0" };
    const { acts } = planned({
      ...deleted,
      agent: { replicas: 1 },
      annotations,
      tags: noTags,
      status: { conditions },
    });
    expect(acts).toEqual(["remove-finalizer"]);
  });

  it("asks no registry about names that no pod can have", () => {
    const spec = { toolboxes: [{ image: "a" }, { name: "A_b", image: "a" }, { name: "db-", image: "a" }] };
    expect(planned({ ...deleted, spec }).actions).toMatchObject([
      { annotations: { "cocoonset.cocoonstack.io/delete-vm-names": "vk-shop-demo-0" } },
    ]);
    expect(planned({ metadata: { ...deleted.metadata, name: "x".repeat(253) } }).acts).toEqual([
      "remove-finalizer",
    ]);
  });

  it.each([
    ["always", [], ["hibernate", "hibernate"]],
    ["main-only", [], ["hibernate", "hibernate", "latest"]],
    ["never", [], ["hibernate", "latest", "hibernate", "latest"]],
    ["", [], ["hibernate", "hibernate"]],
  ])("collects under policy %j what is not kept", (snapshotPolicy, _, tags) => {
    const found = planned({ ...deleted, spec: { snapshotPolicy }, annotations: left });
    expect(found.asks.map(({ tag }) => tag)).toEqual(tags);
  });

  it("keeps the tags of a toolbox that is named like a slot only under policy always", () => {
    const annotations = { "cocoonset.cocoonstack.io/delete-vm-names": "vk-shop-demo-t-0" };
    const found = planned({ ...deleted, spec: { snapshotPolicy: "main-only" }, annotations });
    expect(found.asks.map(({ tag }) => tag)).toEqual(["hibernate", "latest"]);
  });

  it("stays, says why, and how to force it, while the registry does not answer or refuses", () => {
    const annotations = { "cocoonset.cocoonstack.io/delete-vm-names": "vk-shop-demo-0" };
    const down = { "vk-shop-demo-0:hibernate": { state: "unknown", message: "connection refused" } as const };
    const found = planned({ ...deleted, annotations, tags: down });
    expect([found.acts, found.requeueAfterMs]).toEqual([[], 30_000]);
    expect(found.conditions).toMatchObject({
      Ready: { status: "False", reason: "Deleting" },
      Degraded: { status: "True", reason: "RegistryUnavailable" },
    });
    expect(found.conditions["Progressing"]?.message).toContain("cocoonset.cocoonstack.io/force-cleanup=true");
    const forced = { ...annotations, "cocoonset.cocoonstack.io/force-cleanup": "true" };
    expect(planned({ ...deleted, annotations: forced, tags: down }).acts).toEqual(["remove-finalizer"]);
  });

  it("does not take records that cannot be read for none, unless it is forced", () => {
    const unreadable = { ...left, "cocoonset.cocoonstack.io/snapshots": "[" };
    expect(planned({ ...deleted, pods, annotations: unreadable })).toMatchObject({
      acts: [],
      conditions: { Blocked: { reason: "RecordUnreadable" } },
    });
    const forced = { ...unreadable, "cocoonset.cocoonstack.io/force-cleanup": "true" };
    expect(planned({ ...deleted, pods, annotations: forced }).acts).toEqual([
      "delete demo-0",
      "delete demo-1",
    ]);
  });
});
