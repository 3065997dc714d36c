import { describe, expect, it } from "vitest";
import { admissionRequest } from "../../../../test/support/admission-request.js";
import { adviseOnWorkload } from "./warn-workload.js";

const cocoon: readonly object[] = [{ key: "virtual-kubelet.io/provider" }];

/** A workload whose template differs from others by its image alone. */
const workload = (spec: object = {}, { tolerations = cocoon, image = "a" } = {}): object => ({
  metadata: { name: "demo" },
  spec: { replicas: 3, template: { spec: { containers: [{ image }], tolerations } }, ...spec },
});
const ordinary = workload({}, { tolerations: [] });

function warnings(kind: string, overrides: Parameters<typeof admissionRequest>[1]): readonly string[] {
  const decision = adviseOnWorkload(admissionRequest(kind, overrides));
  if (decision.outcome !== "allow") throw new Error(`not allowed: ${decision.reason}`);
  expect(decision.reason).toBe(decision.warnings === undefined ? "nothing-lost" : "warned");
  return (decision.warnings ?? []).map(({ message }) => message);
}
const update = (kind: string, oldObject: object, object: object): readonly string[] =>
  warnings(kind, { operation: "UPDATE", oldObject, object });

const refused =
  "tolerates virtual-kubelet.io/provider, and its pods will be refused, because no CocoonSet owns them: " +
  "create a CocoonSet instead, or remove the toleration";

describe("adviseOnWorkload", () => {
  it.each(["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "DaemonSet", "Job"])(
    "says of a new tolerating %s that its pods will be refused",
    (kind) => {
      expect(warnings(kind, { object: workload() })).toEqual([`${kind} prod/demo ${refused}`]);
      expect(warnings(kind, { object: ordinary })).toEqual([]);
    },
  );

  it("finds the template of a CronJob", () => {
    const object = { spec: { jobTemplate: workload() } };
    expect(warnings("CronJob", { object })).toEqual([`CronJob prod/demo ${refused}`]);
  });

  it("says so as well when the toleration is added later", () => {
    expect(update("Deployment", ordinary, workload())).toEqual([`Deployment prod/demo ${refused}`]);
  });

  it("names a new workload by its prefix where it has no name yet", () => {
    const object = { ...workload(), metadata: { generateName: "demo-" } };
    expect(warnings("Job", { object, name: "" })[0]).toMatch(/^Job prod\/demo- tolerates/);
  });

  it("says what a new template replaces, and which pods where their names are known", () => {
    const changed = workload({}, { image: "b" });
    const rest = "with their state, and the new pods will be refused, because no CocoonSet owns them";
    expect(update("Deployment", workload(), changed)).toEqual([
      `Deployment prod/demo: the new template removes up to 3 Cocoon VMs, ${rest}`,
    ]);
    expect(update("StatefulSet", workload({ ordinals: { start: 5 } }), changed)).toEqual([
      `StatefulSet prod/demo: the new template removes up to 3 Cocoon VMs (demo-5, demo-6 and demo-7), ${rest}`,
    ]);
  });

  it.each([
    ["ReplicaSet", {}],
    ["Deployment", { paused: true }],
    ["Deployment", { replicas: 0 }],
    ["StatefulSet", { updateStrategy: { type: "OnDelete" } }],
    ["DaemonSet", { updateStrategy: { type: "OnDelete" } }],
  ])("says only that new pods will be refused where a new template replaces none: %s %j", (kind, spec) => {
    expect(update(kind, workload(spec), workload(spec, { image: "b" }))).toEqual([
      `${kind} prod/demo: its new pods will be refused, because no CocoonSet owns them`,
    ]);
  });

  it("is silent while the template stays", () => {
    expect(update("Deployment", workload(), workload({ replicas: 5 }))).toEqual([]);
  });

  it("says what the loss of the toleration replaces", () => {
    expect(update("Deployment", workload({ replicas: 1 }), ordinary)).toEqual([
      "Deployment prod/demo loses its toleration: ordinary pods replace up to 1 Cocoon VM, with its state",
    ]);
    expect(update("ReplicaSet", workload(), ordinary)).toEqual([]);
  });

  it("says what a deletion removes, as many as its controller last saw", () => {
    const gone = (kind: string, oldObject: object): readonly string[] =>
      warnings(kind, { operation: "DELETE", object: null, oldObject });
    expect(gone("Deployment", { ...workload(), status: { replicas: 4 } })).toEqual([
      "Deployment prod/demo: its deletion removes up to 4 Cocoon VMs, with their state",
    ]);
    expect(gone("DaemonSet", { ...workload(), status: { currentNumberScheduled: 2 } })).toEqual([
      "DaemonSet prod/demo: its deletion removes up to 2 Cocoon VMs, with their state",
    ]);
    expect(gone("DaemonSet", workload())).toEqual([]);
    expect(gone("Deployment", workload({ replicas: 0 }))).toEqual([]);
    expect(gone("Deployment", ordinary)).toEqual([]);
  });

  it.each<[string, RegExp, string, object, object]>([
    ["its creation", /^create a CocoonSet instead/, "Deployment", ordinary, workload()],
    ["the toleration that goes", /^keep the toleration while/, "Deployment", workload(), ordinary],
    [
      "a new template",
      /^keep the template as it is while/,
      "Deployment",
      workload(),
      workload({}, { image: "b" }),
    ],
    [
      "a new template that replaces no pod",
      /^create a CocoonSet instead/,
      "ReplicaSet",
      workload(),
      workload({}, { image: "b" }),
    ],
    [
      "the end of a pause",
      /^keep the pause or the update strategy/,
      "Deployment",
      workload({ paused: true }),
      workload(),
    ],
  ])("knows a way out of its own for %s", (_, expected, kind, oldObject, object) => {
    const decision = adviseOnWorkload(admissionRequest(kind, { operation: "UPDATE", oldObject, object }));
    expect(decision).toMatchObject({ warnings: [{ wayOut: expect.stringMatching(expected) as string }] });
  });

  it("counts the pods of a large StatefulSet that it cannot name", () => {
    const oldObject = { ...workload({ replicas: 100_000 }), metadata: { name: "db" } };
    expect(warnings("StatefulSet", { operation: "DELETE", oldObject, name: "db" })).toEqual([
      "StatefulSet prod/db: its deletion removes up to 100000 Cocoon VMs (db-0, db-1, db-2, db-3, db-4, db-5, db-6 and 99993 more), " +
        "with their state",
    ]);
  });

  it("leaves alone what a controller makes: whoever changed its owner has been told", () => {
    const controlled = {
      ...workload(),
      metadata: { ownerReferences: [{ kind: "Deployment", controller: true }] },
    };
    expect(warnings("ReplicaSet", { object: controlled })).toEqual([]);
    expect(warnings("ReplicaSet", { operation: "DELETE", oldObject: controlled })).toEqual([]);
  });

  it.each([null, "x", {}, { spec: {} }, { spec: { template: { spec: 1 } } }])(
    "is silent about what is no workload: %j",
    (object) => {
      expect(warnings("Deployment", { object })).toEqual([]);
      expect(warnings("Deployment", { operation: "UPDATE", oldObject: workload(), object })).toHaveLength(1);
      expect(warnings("Deployment", { operation: "DELETE", oldObject: object })).toEqual([]);
      expect(warnings("Deployment", { operation: "CONNECT", object })).toEqual([]);
    },
  );

  it("skips what makes no pods", () => {
    expect(adviseOnWorkload(admissionRequest("Service"))).toEqual({ outcome: "skip", reason: "other-kind" });
  });
});
