import { describe, expect, it, vi } from "vitest";
import { type Cluster, removeLeftovers } from "./leftovers.js";
import { metadataOf, type Owner } from "./owner.js";

const owner: Owner = {
  host: "laptop",
  machine: "m1",
  pid: 4711,
  since: "2030-01-02T03:04:05.000Z",
  probeNamespace: "team-a",
};
const kind = "ValidatingWebhookConfiguration" as const;

async function found(one: Owner, circumstances: { isRunning: boolean; isUnanswered: boolean }) {
  const configuration = { kind, metadata: metadataOf(one, "0") };
  const remove = vi.fn(() => Promise.resolve());
  const isUnanswered = vi.fn(() => Promise.resolve(circumstances.isUnanswered));
  const cluster: Cluster = {
    registrations: { list: () => Promise.resolve([configuration]), remove },
    probe: { isUnanswered },
    machine: "m1",
    isRunning: () => circumstances.isRunning,
  };
  return { ...(await removeLeftovers(cluster)), remove, isUnanswered, configuration };
}

describe("removeLeftovers", () => {
  it("removes what a killed process of this machine has left", async () => {
    const result = await found(owner, { isRunning: false, isUnanswered: true });
    expect(result.remove).toHaveBeenCalledWith(result.configuration);
    expect(result.isUnanswered).toHaveBeenCalledWith({
      name: `${result.configuration.metadata.name}-validating`,
      namespace: "team-a",
    });
    expect(result.removed).toEqual([{ configuration: result.configuration, owner }]);
    expect(result.others).toEqual([]);
  });

  it.each<[string, Owner, { isRunning: boolean; isUnanswered: boolean }]>([
    [
      "of another machine that is called the same",
      { ...owner, machine: "m2" },
      { isRunning: false, isUnanswered: true },
    ],
    ["whose process runs", owner, { isRunning: true, isUnanswered: true }],
    ["that somebody answers for", owner, { isRunning: false, isUnanswered: false }],
  ])("leaves one alone %s", async (_, one, circumstances) => {
    const result = await found(one, circumstances);
    expect(result.remove).not.toHaveBeenCalled();
    expect(result.removed).toEqual([]);
    expect(result.others).toEqual([{ configuration: result.configuration, owner: one }]);
  });

  it("knows processes that run, its own and others', from those that do not", async () => {
    const remove = vi.fn(() => Promise.resolve());
    const configurations = [process.pid, 1, 2 ** 31 - 1].map((pid, index) => ({
      kind,
      metadata: metadataOf({ ...owner, pid }, String(index)),
    }));
    await removeLeftovers({
      registrations: { list: () => Promise.resolve(configurations), remove },
      probe: { isUnanswered: () => Promise.resolve(true) },
      machine: "m1",
    });
    expect(remove.mock.calls).toEqual([[configurations[2]]]);
  });
});
