import type { CocoonHibernation, CocoonSet, Decoded } from "@cocoonstack/common/apis/v1";
import { describe, expect, it } from "vitest";
import {
  ago,
  agentPod,
  cocoonSet,
  hibernation,
  nowMs,
  type PodOptions,
  setView,
} from "../../../../test/support/operator/objects.js";
import { type Planned, recorded, taken } from "../../../../test/support/operator/planned.js";
import type { PodView, TagFact } from "../model/index.js";
import { planHibernation } from "./plan-hibernation.js";

type Hibernation = Decoded<CocoonHibernation>;

interface Round {
  readonly of?: Hibernation;
  readonly others?: readonly Hibernation[];
  readonly sets?: readonly Decoded<CocoonSet>[];
  readonly rivals?: readonly Decoded<CocoonSet>[];
  readonly pod?: PodView;
  readonly tag?: TagFact;
}

const absent = { state: "absent" } as const;

const planned = ({
  of = hibernation("Hibernate"),
  others = [],
  sets = [cocoonSet()],
  rivals = [],
  pod,
  tag,
}: Round): Planned =>
  taken(
    planHibernation({
      nowMs,
      hibernation: of,
      hibernations: [of, ...others],
      sets,
      rivals,
      pod,
      tags: new Map([
        ["vk-shop-demo-0:latest", absent],
        ...(tag === undefined ? [] : [["vk-shop-demo-0:hibernate", tag] as const]),
      ]),
    }),
  );

const pod = (options?: PodOptions): PodView => agentPod(setView(), 0, options);
const asleep = pod({ state: "hibernated" });
const present = { state: "present", digest: "sha256:a" } as const;
const record = (state: string, beforeMs = 1_000): Readonly<Record<string, string>> =>
  recorded({ "vk-shop-demo-0": { state, since: ago(beforeMs), digest: "sha256:a" } });
const setWith = (state: string, beforeMs?: number): readonly Decoded<CocoonSet>[] => [
  cocoonSet({ annotations: record(state, beforeMs) }),
];
const wake = hibernation("Wake");
const condition = (type: string, status: string, reason: string, beforeMs = 0, message = ""): object => ({
  type,
  status,
  reason,
  message,
  lastTransitionTime: ago(beforeMs),
});
const storedAs = (
  desire: "Hibernate" | "Wake",
  phase: string,
  conditions: readonly object[],
  observedGeneration = 1,
): Hibernation => hibernation(desire, { status: { phase, observedGeneration, conditions: conditions } });

describe("planHibernation, of a pod of a set", () => {
  it.each<[string, Round, string, string]>([
    ["no pod", {}, "Pending", "False Pending"],
    [
      "a pod without a VM",
      { pod: pod({ annotations: { "vm.cocoonstack.io/name": undefined } }) },
      "Pending",
      "False Pending",
    ],
    ["an order to sleep", { pod: pod() }, "Hibernating", "False Hibernating"],
    [
      "a VM that is being saved",
      { pod: pod({ state: "hibernating" }), sets: setWith("saving") },
      "Hibernating",
      "False Hibernating",
    ],
    [
      "the node's word without the tag",
      { pod: asleep, sets: setWith("saving") },
      "Hibernating",
      "False Hibernating",
    ],
    ["a VM that sleeps", { pod: asleep, sets: setWith("saved") }, "Hibernated", "True Hibernated"],
    ["one that sleeps without a pod", { sets: setWith("saved") }, "Hibernated", "True Hibernated"],
    [
      "one that woke before it was to sleep",
      { pod: pod({ state: "booting" }), sets: setWith("waking") },
      "Waking",
      "False Waking",
    ],
    ["an order to wake", { of: wake, pod: asleep, sets: setWith("saved") }, "Waking", "False Waking"],
    [
      "one that is saved before it wakes",
      { of: wake, pod: pod({ state: "hibernating" }), sets: setWith("saving") },
      "Hibernating",
      "False Hibernating",
    ],
    [
      "a VM that wakes",
      { of: wake, pod: pod({ state: "booting" }), sets: setWith("waking") },
      "Waking",
      "False Waking",
    ],
    [
      "one that runs, and whose snapshot is left over",
      { of: wake, pod: pod(), sets: setWith("collecting") },
      "Active",
      "True Active",
    ],
    ["one that runs", { of: wake, pod: pod() }, "Active", "True Active"],
    [
      "one without an id",
      { of: wake, pod: pod({ annotations: { "vm.cocoonstack.io/id": undefined } }) },
      "Waking",
      "False Waking",
    ],
  ])("stands, with %s, at", (_, round, phase, ready) => {
    const { status, conditions, acts, asks } = planned(round);
    expect([
      status["phase"],
      `${conditions["Ready"]?.status ?? ""} ${conditions["Ready"]?.reason ?? ""}`,
    ]).toEqual([phase, ready]);
    // The set's plan gives the orders.
    expect([acts, asks]).toEqual([[], []]);
    const isMoving = phase === "Hibernating" || phase === "Waking";
    expect(conditions["Progressing"]?.status).toBe(isMoving ? "True" : "False");
  });

  it("adds its finalizer first", () => {
    expect(
      planned({ of: hibernation("Hibernate", { metadata: { finalizers: [] } }), pod: pod() }).acts,
    ).toEqual(["add-finalizer"]);
  });

  it.each<[string, Hibernation, string]>([
    [
      "no pod",
      { ...hibernation("Hibernate"), spec: { desire: "Hibernate" } },
      "spec.podRef.name is required: name the pod whose VM is to sleep or wake",
    ],
    [
      "no known desire",
      { ...wake, spec: { podRef: { name: "demo-0" }, desire: "Dream" } },
      'unknown desire "Dream": it is Hibernate or Wake',
    ],
  ])("fails with %s", (_, of, message) => {
    const { status, conditions } = planned({ of, pod: pod() });
    expect(status["phase"]).toBe("Failed");
    expect(conditions["Ready"]).toMatchObject({ status: "False", reason: "Failed", message });
  });
});

describe("planHibernation, of time", () => {
  const sleeping = (beforeMs: number): Hibernation =>
    storedAs("Hibernate", "Hibernating", [condition("Progressing", "True", "Hibernating", beforeMs)]);
  const waking = (beforeMs: number): Hibernation =>
    storedAs("Wake", "Waking", [condition("Progressing", "True", "Waking", beforeMs)]);
  const saving = { pod: pod({ state: "hibernating" }) };

  it.each<[string, Round, string, number | undefined]>([
    ["from when it is entered", { ...saving }, "Hibernating", 180_000],
    ["on", { of: sleeping(60_000), ...saving, sets: setWith("saving", 60_000) }, "Hibernating", 120_000],
    [
      "from when the VM was asked",
      { of: sleeping(600_000), ...saving, sets: setWith("saving", 60_000) },
      "Hibernating",
      120_000,
    ],
    [
      "until it is over",
      { of: sleeping(180_000), ...saving, sets: setWith("saving", 180_000) },
      "Failed",
      undefined,
    ],
    [
      "five minutes to wake",
      { of: waking(180_000), pod: pod({ state: "booting" }), sets: setWith("waking", 180_000) },
      "Waking",
      120_000,
    ],
    [
      "until that is over",
      { of: waking(300_000), pod: pod({ state: "booting" }), sets: setWith("waking", 300_000) },
      "Failed",
      undefined,
    ],
  ])("counts %s", (_, round, phase, requeueAfterMs) => {
    const found = planned(round);
    expect([found.status["phase"], found.requeueAfterMs]).toEqual([phase, requeueAfterMs]);
  });

  it("says once that it took too long", () => {
    const found = planned({ of: sleeping(180_000), ...saving, sets: setWith("saving", 180_000) });
    expect(found.events).toEqual(["Warning HibernateTimedOut"]);
    expect(found.conditions).toMatchObject({
      Ready: { status: "False", reason: "HibernateTimedOut" },
      Degraded: { status: "True", reason: "HibernateTimedOut" },
    });
  });

  it.each<[string, readonly Decoded<CocoonSet>[], string]>([
    [
      "a set, which has the troubles of all its VMs",
      setWith("saving", 180_000),
      "the conditions of CocoonSet demo",
    ],
    ["none, so that it has them itself", [], "the condition Degraded"],
  ])("says where to look, of a pod with %s", (_, sets, where) => {
    expect(planned({ of: sleeping(180_000), ...saving, sets }).conditions["Ready"]?.message).toContain(
      `for longer than 3 minutes: look at ${where}, at the pod, and at its node; it ends well`,
    );
  });

  const failed = (generation = 1): Hibernation =>
    storedAs(
      "Hibernate",
      "Failed",
      [condition("Ready", "False", "HibernateTimedOut", 60_000, "too long")],
      generation,
    );

  it("stays failed, and says nothing more", () => {
    const found = planned({ of: failed(), ...saving, sets: setWith("saving", 600_000) });
    expect(found.status["phase"]).toBe("Failed");
    expect(found.conditions["Ready"]).toMatchObject({ reason: "HibernateTimedOut", message: "too long" });
    expect(found.events).toEqual([]);
  });

  it("succeeds when it gets there after all", () => {
    const found = planned({ of: failed(), pod: asleep, sets: setWith("saved") });
    expect([found.status["phase"], found.events]).toEqual(["Hibernated", ["Normal Hibernated"]]);
  });

  it("tries again when its spec changes, with all the time there is", () => {
    const found = planned({ of: failed(0), ...saving, sets: setWith("saving", 600_000) });
    expect([found.status["phase"], found.events, found.requeueAfterMs]).toEqual([
      "Hibernating",
      ["Normal RetryRequested"],
      180_000,
    ]);
  });
});

describe("planHibernation, where somebody else decides", () => {
  const suspendedSet = [cocoonSet({ spec: { suspend: true }, annotations: record("saved") })];
  const older = hibernation("Wake", {
    metadata: { name: "older", uid: "older", creationTimestamp: ago(9e6) },
  });

  it.each<[string, Round, string]>([
    [
      "its set",
      { of: wake, pod: asleep, sets: suspendedSet },
      "pod demo-0 is not awake for this, because CocoonSet demo is suspended: set its spec.suspend to false, or change or delete this CocoonHibernation",
    ],
    [
      "an older one",
      { others: [older], pod: pod() },
      "pod demo-0 is not asleep for this, because CocoonHibernation older speaks for that pod as well, and is older: change or delete that one, or this",
    ],
  ])("names the winner and writes nothing: %s", (_, round, message) => {
    const found = planned(round);
    expect([found.acts, found.events]).toEqual([[], ["Warning Overruled"]]);
    expect(found.conditions).toMatchObject({
      Ready: { status: "False", reason: "Overruled", message },
      Blocked: { status: "True", reason: "Overruled", message },
    });
  });

  it("agrees with a suspended set", () => {
    expect(planned({ pod: asleep, sets: suspendedSet }).status["phase"]).toBe("Hibernated");
  });
});

describe("planHibernation, of a pod without a set", () => {
  const alone = { sets: [], pod: pod() };
  const keeping = (desire: "Hibernate" | "Wake", state: string): Hibernation =>
    hibernation(desire, { metadata: { annotations: record(state) } });

  it.each<[string, Round, readonly string[]]>([
    ["writes down first what it does", alone, ["patch owner"]],
    ["asks the VM then", { ...alone, of: keeping("Hibernate", "saving") }, ["patch demo-0"]],
    [
      "believes the tag",
      { sets: [], pod: asleep, of: keeping("Hibernate", "saving"), tag: present },
      ["patch owner"],
    ],
    ["wakes it", { sets: [], pod: asleep, of: keeping("Wake", "waking") }, ["patch demo-0"]],
    [
      "collects the snapshot",
      { ...alone, of: keeping("Wake", "collecting"), tag: present },
      ["delete-tag vk-shop-demo-0:hibernate"],
    ],
    [
      "is not the second to give orders",
      {
        ...alone,
        others: [
          hibernation("Hibernate", { metadata: { name: "a", uid: "a", creationTimestamp: ago(9e6) } }),
        ],
      },
      [],
    ],
  ])("%s", (_, round, acts) => {
    expect(planned(round).acts).toEqual(acts);
  });
});

describe("planHibernation, of one that is deleted", () => {
  const gone = { deletionTimestamp: ago(1_000) };
  const deleted = (metadata = {}): Hibernation =>
    hibernation("Hibernate", {
      metadata: { ...gone, ...metadata },
      status: { phase: "Hibernated", vmName: "vk-shop-demo-0" },
    });
  const letsGo = ["remove-finalizer"];
  const other = hibernation("Hibernate", { metadata: { name: "other", uid: "other" } });

  it.each<[string, Round, readonly string[]]>([
    ["waits until the set has woken its VM", { of: deleted(), pod: asleep, sets: setWith("saved") }, []],
    ["and while that wakes", { of: deleted(), pod: pod({ state: "booting" }), sets: setWith("waking") }, []],
    ["and until the tag has gone", { of: deleted(), pod: pod(), sets: setWith("collecting") }, []],
    ["lets go then", { of: deleted(), pod: pod() }, letsGo],
    ["also while the pod is made again", { of: deleted(), sets: setWith("saved") }, []],
    [
      "lets go under a suspended set",
      {
        of: deleted(),
        pod: asleep,
        sets: [cocoonSet({ spec: { suspend: true }, annotations: record("saved") })],
      },
      letsGo,
    ],
    [
      "lets go when the set goes",
      { of: deleted(), pod: asleep, sets: [cocoonSet({ metadata: gone, annotations: record("saved") })] },
      letsGo,
    ],
    [
      "lets go when another speaks for the pod",
      { of: deleted(), others: [other], pod: asleep, sets: setWith("saved") },
      letsGo,
    ],
    [
      "lets go when it is forced",
      {
        of: deleted({ annotations: { "cocoonset.cocoonstack.io/force-cleanup": "true" } }),
        pod: asleep,
        sets: setWith("saved"),
      },
      letsGo,
    ],
    [
      "wakes the VM of a pod without a set itself",
      { of: deleted({ annotations: record("waking") }), pod: asleep, sets: [] },
      ["patch demo-0"],
    ],
    [
      "is through when that runs, without a snapshot",
      { of: deleted({ annotations: record("collecting") }), pod: pod(), sets: [], tag: absent },
      ["patch owner"],
    ],
    ["and lets go", { of: deleted(), pod: pod(), sets: [] }, letsGo],
    [
      "keeps the tag of a pod that is gone",
      { of: deleted({ annotations: record("saved") }), sets: [] },
      letsGo,
    ],
    ["does nothing without its finalizer", { of: deleted({ finalizers: ["other"] }), pod: asleep }, []],
  ])("%s", (_, round, acts) => {
    expect(planned(round).acts).toEqual(acts);
  });

  it("says what it waits for", () => {
    expect(planned({ of: deleted(), pod: asleep, sets: setWith("saved") }).conditions["Ready"]).toMatchObject(
      {
        status: "False",
        reason: "Deleting",
        message:
          "the VM of pod demo-0 is woken before this goes; the annotation cocoonset.cocoonstack.io/force-cleanup=true lets it go at once",
      },
    );
  });

  it("says what it waits for where the VM of its pod is not known for certain", () => {
    const foreign = {
      annotations: { "vm.cocoonstack.io/name": "vk-other-x-0", "vm.cocoonstack.io/hibernate": "true" },
    };
    const found = planned({ of: deleted(), pod: pod(foreign), sets: [] });
    expect(found.acts).toEqual([]);
    expect(found.conditions["Progressing"]?.message).toBe(
      "pod demo-0 names vk-other-x-0, and its VM is vk-shop-demo-0: mend its annotation vm.cocoonstack.io/name; the annotation cocoonset.cocoonstack.io/force-cleanup=true lets this go",
    );
  });
});

describe("planHibernation, of a pod that says it is another VM", () => {
  // The second is one of the namespace shop-2.
  const foreigns = ["vk-bank-vault-0", "vk-shop-2-web-0", "vk-shop-demo-1"];
  const states = ["saving", "saved", "waking", "collecting"];
  const written = (vmName: string, state: string): Readonly<Record<string, string>> =>
    recorded({ [vmName]: { state, since: ago(1_000), digest: "sha256:a" } });
  const orders = (["Hibernate", "Wake"] as const).flatMap((desire) =>
    foreigns.map((foreign) => [desire, foreign] as const),
  );

  it.each(orders)("orders nothing, and says why: %s, %s", (desire, foreign) => {
    const named = pod({ state: "hibernated", annotations: { "vm.cocoonstack.io/name": foreign } });
    for (const state of states) {
      const of = hibernation(desire, { metadata: { annotations: written(foreign, state) } });
      const found = planned({ of, pod: named, sets: [] });
      expect(found).toMatchObject({ asks: [], acts: [] });
      expect(found.conditions["Ready"]).toMatchObject({
        reason: "Pending",
        message: `pod demo-0 names ${foreign}, and its VM is vk-shop-demo-0: mend its annotation vm.cocoonstack.io/name`,
      });
    }
  });

  it("orders nothing where a set of another namespace can have a VM of that name", () => {
    const rivals = [cocoonSet({ metadata: { namespace: "shop-demo", name: "x" } })];
    for (const state of states) {
      const of = hibernation("Wake", { metadata: { annotations: written("vk-shop-demo-0", state) } });
      const found = planned({ of, pod: pod(), sets: [], rivals });
      expect(found).toMatchObject({ asks: [], acts: [] });
      expect(found.conditions["Ready"]).toMatchObject({
        reason: "Pending",
        message:
          "pod demo-0 is left alone, because vk-shop-demo-0 can be a VM of CocoonSet shop-demo/x as well, and they would share their snapshots: give the pod another name",
      });
    }
  });
});
