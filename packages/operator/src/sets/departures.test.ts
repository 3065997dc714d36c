import { describe, expect, it } from "vitest";
import { ago, agentPod, setView } from "../../../../test/support/operator/objects.js";
import { planned, recorded } from "../../../../test/support/operator/planned.js";

const main = agentPod(setView(), 0);
const leavingOf = (...names: readonly string[]): Readonly<Record<string, string>> => ({
  "cocoonset.cocoonstack.io/delete-vm-names": names.join(","),
});

describe("a set with annotations that were written for another", () => {
  const slept = { state: "saved", since: ago(1_000), digest: "sha256:a" } as const;
  // As somebody makes it who gets a set as YAML, gives it another name or namespace, and applies it.
  const copied = {
    ...recorded({ "vk-prod-demo-0": slept, "vk-shop-other-0": slept }),
    ...leavingOf("vk-prod-demo-1", "vk-shop-other-1"),
  };

  it("asks for no tag of that one's VMs, and strikes their names", () => {
    const { asks, actions } = planned({ pods: [main], annotations: copied });
    expect(asks).toEqual([]);
    expect(actions).toMatchObject([
      {
        kind: "patch-owner",
        annotations: {
          "cocoonset.cocoonstack.io/snapshots": null,
          "cocoonset.cocoonstack.io/delete-vm-names": null,
        },
      },
    ]);
  });

  it("touches none of them when it is deleted", () => {
    const metadata = { deletionTimestamp: ago(1_000) };
    const own = leavingOf("vk-shop-demo-0", "vk-shop-other-1");
    const { asks } = planned({ metadata, annotations: { ...copied, ...own } });
    expect([...new Set(asks.map(({ vmName }) => vmName))]).toEqual(["vk-shop-demo-0"]);
  });
});

describe("a pod of a role that this version does not know", () => {
  const unknown = agentPod(setView({ agent: { replicas: 9 } }), 9, {
    state: "hibernating",
    metadata: { labels: { ...main.metadata.labels, "cocoonset.cocoonstack.io/role": "spare" } },
  });
  const record = { "vk-shop-demo-9": { state: "saving", since: ago(1_000) } };

  it("does not leave because its VM has a record", () => {
    const round = { spec: { suspend: true }, pods: [unknown], annotations: recorded(record) };
    const { actions } = planned(round);
    expect(JSON.stringify(actions)).not.toContain("delete-vm-names");
  });

  it("leaves once it is gone, and its VM is nobody's", () => {
    const { actions } = planned({ pods: [main], annotations: recorded(record) });
    expect(actions).toMatchObject([
      { annotations: { "cocoonset.cocoonstack.io/delete-vm-names": "vk-shop-demo-9" } },
    ]);
  });
});
