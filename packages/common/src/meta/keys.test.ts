import { expect, it } from "vitest";
import * as keys from "./keys.js";

// Written out in full, and not put together as keys.ts does: components in other languages hold the same bytes.
it("the keys, names and values that the components share are these, and no others", () => {
  expect({ ...keys }).toStrictEqual({
    apiGroup: "cocoonset.cocoonstack.io",
    apiVersionName: "v1",
    apiVersion: "cocoonset.cocoonstack.io/v1",
    kindCocoonSet: "CocoonSet",
    kindCocoonHibernation: "CocoonHibernation",
    tolerationKey: "virtual-kubelet.io/provider",
    labelCocoonSet: "cocoonset.cocoonstack.io/name",
    labelRole: "cocoonset.cocoonstack.io/role",
    labelSlot: "cocoonset.cocoonstack.io/slot",
    nodePoolKey: "cocoonstack.io/pool",
    defaultNodePool: "default",
    roleMain: "main",
    roleSubAgent: "sub-agent",
    roleToolbox: "toolbox",
    hibernateSnapshotTag: "hibernate",
    defaultSnapshotTag: "latest",
    specAnnotations: {
      mode: "cocoonset.cocoonstack.io/mode",
      image: "cocoonset.cocoonstack.io/image",
      storage: "cocoonset.cocoonstack.io/storage",
      managed: "cocoonset.cocoonstack.io/managed",
      os: "cocoonset.cocoonstack.io/os",
      snapshotPolicy: "cocoonset.cocoonstack.io/snapshot-policy",
      network: "cocoonset.cocoonstack.io/network",
      forcePull: "cocoonset.cocoonstack.io/force-pull",
      generation: "cocoonset.cocoonstack.io/generation",
    },
    vmAnnotations: {
      id: "vm.cocoonstack.io/id",
      name: "vm.cocoonstack.io/name",
      ip: "vm.cocoonstack.io/ip",
      vncPort: "vm.cocoonstack.io/vnc-port",
      hibernate: "vm.cocoonstack.io/hibernate",
      forkFrom: "vm.cocoonstack.io/fork-from",
      cloneFromDir: "vm.cocoonstack.io/clone-from-dir",
      connType: "vm.cocoonstack.io/conn-type",
      backend: "vm.cocoonstack.io/backend",
      noDirectIO: "vm.cocoonstack.io/no-direct-io",
      probePort: "vm.cocoonstack.io/probe-port",
      lifecycleState: "vm.cocoonstack.io/lifecycle-state",
      lifecycleObservedGeneration: "vm.cocoonstack.io/lifecycle-observed-generation",
      lifecycleStateMessage: "vm.cocoonstack.io/lifecycle-state-message",
    },
  });
});
