import { describe, expect, it } from "vitest";
import {
  ago,
  agentPod,
  nowMs,
  type PodOptions,
  setView,
  toolboxPod,
} from "../../../../test/support/operator/objects.js";
import {
  failureOf,
  isAlive,
  isManaged,
  isServing,
  isSettled,
  readySinceMs,
  saysHibernated,
} from "./pod-state.js";

const set = setView();
const stamped = (generation: string): PodOptions["annotations"] & object => ({
  "cocoonset.cocoonstack.io/generation": generation,
});

describe("isAlive", () => {
  it.each<[string, PodOptions, boolean]>([
    ["a running VM", {}, true],
    ["one that boots", { state: "booting" }, false],
    ["one that is asked to sleep", { annotations: { "vm.cocoonstack.io/hibernate": "true" } }, false],
    ["one without an id", { annotations: { "vm.cocoonstack.io/id": undefined } }, false],
    ["one without a container", { status: { containerStatuses: [] } }, false],
    ["one whose node has not answered the last order", { annotations: stamped("4") }, false],
    ["one that is about to go", { metadata: { deletionTimestamp: ago(1_000) } }, false],
    ["one that sleeps", { state: "hibernated" }, false],
  ])("says of %s", (_, options, expected) => {
    expect(isAlive(agentPod(set, 0, options))).toBe(expected);
  });
});

describe("saysHibernated", () => {
  it.each<[string, PodOptions, boolean]>([
    ["a VM that sleeps", { state: "hibernated" }, true],
    ["one that is on its way", { state: "hibernating" }, false],
    [
      "one whose node has not answered the last order",
      { state: "hibernated", annotations: stamped("4") },
      false,
    ],
    [
      "one that is asked to wake",
      { state: "hibernated", annotations: { "vm.cocoonstack.io/hibernate": undefined } },
      false,
    ],
  ])("says of %s", (_, options, expected) => {
    expect(saysHibernated(agentPod(set, 0, options))).toBe(expected);
  });
});

describe("isSettled", () => {
  const silent = { "vm.cocoonstack.io/lifecycle-state": undefined };
  it.each<[string, PodOptions, boolean]>([
    ["ready", {}, true],
    ["creating", { state: "booting" }, false],
    ["no state, of a VM that runs", { annotations: silent }, true],
    ["no state, of a VM that boots", { state: "booting", annotations: silent }, false],
  ])("takes orders in state %s", (_, options, expected) => {
    expect(isSettled(agentPod(set, 0, options))).toBe(expected);
  });
});

describe("failureOf", () => {
  it.each<[string, PodOptions, object | undefined]>([
    [
      "that the node gives up",
      { state: "failed" },
      { reason: "PodLifecycleFailed", message: "no space left on device" },
    ],
    [
      "phase Failed",
      { status: { phase: "Failed" } },
      { reason: "MainAgentFailed", message: "the pod ended in phase Failed" },
    ],
    [
      "phase Succeeded",
      { status: { phase: "Succeeded" } },
      { reason: "MainAgentFailed", message: "the pod ended in phase Succeeded" },
    ],
    ["nothing", {}, undefined],
  ])("sees %s", (_, options, failure) => {
    expect(failureOf(agentPod(set, 0, options))).toEqual(failure);
  });
});

describe("what else a pod says", () => {
  it("is whether it serves, and since when", () => {
    expect(isServing(agentPod(set, 0))).toBe(true);
    expect(isServing(agentPod(set, 0, { metadata: { deletionTimestamp: ago(1) } }))).toBe(false);
    expect(readySinceMs(agentPod(set, 0))).toBe(nowMs - 60_000);
    expect(readySinceMs(agentPod(set, 0, { state: "booting" }))).toBeUndefined();
  });

  it("is whether its VM is the operator's", () => {
    expect(isManaged(agentPod(set, 0))).toBe(true);
    expect(isManaged(toolboxPod(set, { name: "jump", mode: "static" }))).toBe(false);
  });
});
