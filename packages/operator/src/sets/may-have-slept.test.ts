import { describe, expect, it } from "vitest";
import { ago, agentPod, hibernation, setView } from "../../../../test/support/operator/objects.js";
import { planned, recorded, type Round } from "../../../../test/support/operator/planned.js";

const main = agentPod(setView(), 0);
const saving = { "vk-shop-demo-1": { state: "saving", since: ago(0) } };
const present = { state: "present", digest: "sha256:a" } as const;

/** What is written down about the set of a VM that another operator has put to sleep. */
const written = (round: Round): Readonly<Record<string, string | null>> =>
  Object.assign(
    {},
    ...planned({ agent: { replicas: 1 }, ...round }).actions.map((action) =>
      action.kind === "patch-owner" ? action.annotations : {},
    ),
  ) as Record<string, string | null>;

const recordsIn = (annotations: Readonly<Record<string, string | null>>): unknown =>
  JSON.parse(annotations["cocoonset.cocoonstack.io/snapshots"] ?? "{}");

describe("a VM that another operator put to sleep", () => {
  const going = agentPod(setView({ agent: { replicas: 1 } }), 1, {
    state: "hibernated",
    metadata: { deletionTimestamp: ago(1_000) },
  });

  it.each<[string, Round]>([
    ["while its set sleeps", { spec: { suspend: true } }],
    ["when its set is to wake", {}],
    ["when a CocoonHibernation had it done", { hibernations: [hibernation("Hibernate", { pod: "demo-1" })] }],
    ["when its slot goes", { agent: { replicas: 0 } }],
  ])("is written down before its pod is gone, %s", (_, round) => {
    const isWanted = round.agent === undefined;
    const annotations = isWanted ? {} : { "cocoonset.cocoonstack.io/delete-vm-names": "vk-shop-demo-1" };
    expect(recordsIn(written({ pods: [main, going], annotations, ...round }))).toMatchObject(saving);
  });

  it("is written down when its set goes, and its pod went before", () => {
    const metadata = { deletionTimestamp: ago(1_000) };
    const slept = { status: { phase: "Suspended" } as const, spec: { snapshotPolicy: "always" } };
    const annotations = written({ metadata, ...slept });
    expect(annotations["cocoonset.cocoonstack.io/delete-vm-names"]).toContain("vk-shop-demo-1");
    expect(recordsIn(annotations)).toMatchObject(saving);
    // Then its snapshot becomes what is kept of it, and only then goes.
    const tags = {
      "vk-shop-demo-1:hibernate": present,
      "vk-shop-demo-1:latest": { state: "absent" } as const,
    };
    const kept = {
      ...annotations,
      ...recorded({ "vk-shop-demo-1": { state: "saved", since: ago(0), digest: "sha256:a" } }),
    } as Record<string, string>;
    expect(planned({ metadata, ...slept, agent: { replicas: 1 }, annotations: kept, tags }).acts).toContain(
      "retag vk-shop-demo-1:latest",
    );
  });

  it("is not thought to sleep where its set runs", () => {
    const metadata = { deletionTimestamp: ago(1_000) };
    const annotations = written({ metadata, status: { phase: "Running" } });
    expect(annotations["cocoonset.cocoonstack.io/delete-vm-names"]).toContain("vk-shop-demo-1");
    expect(recordsIn(annotations)).toEqual({});
  });
});
