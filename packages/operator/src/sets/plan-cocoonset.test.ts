import { describe, expect, it } from "vitest";
import {
  ago,
  agentPod,
  hibernation,
  type PodOptions,
  setView,
  toolboxPod,
} from "../../../../test/support/operator/objects.js";
import { planned, recorded, type Round } from "../../../../test/support/operator/planned.js";

const db = { name: "db", image: "postgres:17" };
const two = { agent: { replicas: 2 }, spec: { toolboxes: [db] } };
const set = setView(two);
const main = (options?: PodOptions): ReturnType<typeof agentPod> => agentPod(set, 0, options);
const sub = (slot: number, options?: PodOptions): ReturnType<typeof agentPod> => agentPod(set, slot, options);
const toolbox = (options?: PodOptions): ReturnType<typeof toolboxPod> => toolboxPod(set, db, options);
const all = [main(), sub(1), sub(2), toolbox()];
const leaving = { metadata: { deletionTimestamp: ago(1_000) } };
const edited = { ...two, agent: { replicas: 2, image: "ubuntu:26.04" } };
const present = { state: "present", digest: "sha256:a" } as const;
const tags = Object.fromEntries(
  ["0", "1", "2", "db"].map((slot) => [`vk-shop-demo-${slot}:latest`, { state: "absent" } as const]),
);
const record = (state: string): object => ({ state, since: ago(1_000), digest: "sha256:a" });

describe("planCocoonSet, bringing a set up", () => {
  it.each<[string, Round, readonly string[]]>([
    ["adds the finalizer before anything else", { metadata: { finalizers: [] } }, ["add-finalizer"]],
    ["creates the main agent first", two, ["create demo-0"]],
    ["waits for it", { ...two, pods: [main({ state: "booting" })] }, []],
    [
      "creates everything else once it is ready",
      { ...two, pods: [main()] },
      ["create demo-1", "create demo-2", "create demo-db"],
    ],
    ["creates what is missing", { ...two, pods: [main(), sub(2), toolbox()] }, ["create demo-1"]],
    [
      "waits for a name that is still taken",
      { ...two, pods: [main(), sub(1, leaving), sub(2), toolbox()] },
      [],
    ],
    ["does nothing to a set that runs", { ...two, pods: all }, []],
    [
      "creates the main agent anew, and nothing else, when it was deleted",
      { ...two, pods: all.slice(1) },
      ["create demo-0"],
    ],
    [
      "creates toolboxes beside a main agent that failed",
      { ...two, pods: [main({ state: "failed" })] },
      ["create demo-db"],
    ],
  ])("%s", (_, round, acts) => {
    expect(planned(round).acts).toEqual(acts);
  });

  it("binds sub-agents to the node of the main agent, by the set as it stands", () => {
    const [action] = planned({ ...two, pods: [main()] }).actions;
    expect(action).toMatchObject({
      kind: "create-pod",
      pod: { spec: { nodeName: "node-1" } },
      provided: [{ kind: "owner-unchanged", resourceVersion: "7" }],
    });
  });

  it("creates no more at once than one plan should hold", () => {
    expect(planned({ agent: { replicas: 10_000 }, pods: [main()] }).acts).toHaveLength(64);
  });

  it.each<[string, PodOptions, object]>([
    [
      "the stamp of its generation",
      { annotations: { "cocoonset.cocoonstack.io/generation": "2" } },
      { "cocoonset.cocoonstack.io/generation": "3" },
    ],
    [
      "its settings",
      { annotations: { "vm.cocoonstack.io/probe-port": "22" } },
      { "vm.cocoonstack.io/probe-port": null },
    ],
  ])("updates in place %s", (_, options, annotations) => {
    expect(planned({ pods: [main(options)] }).actions).toEqual([
      { kind: "patch-pod", name: "demo-0", uid: "uid-demo-0", resourceVersion: "11", annotations },
    ]);
  });

  it("adopts a pod without a hash, and does not replace it", () => {
    const pods = [main({ annotations: { "cocoonset.cocoonstack.io/template-hash": undefined } })];
    expect(planned({ pods }).actions).toMatchObject([
      {
        kind: "patch-pod",
        annotations: { "cocoonset.cocoonstack.io/template-hash": expect.stringMatching(/^v1-/) as string },
      },
    ]);
  });
});

describe("planCocoonSet, replacing", () => {
  const fresh = (slot: number, options?: PodOptions): ReturnType<typeof agentPod> =>
    agentPod(setView(edited), slot, options);
  it.each<[string, Round, readonly string[]]>([
    ["begins with the main agent", { ...edited, pods: all }, ["delete demo-0"]],
    ["creates nothing beside a main agent that goes", { ...edited, pods: [main()] }, ["delete demo-0"]],
    [
      "waits until it is ready",
      { ...edited, pods: [fresh(0, { state: "booting" }), sub(1), sub(2), toolbox()] },
      [],
    ],
    [
      "goes on with the lowest slot",
      { ...edited, pods: [fresh(0), sub(1), sub(2), toolbox()] },
      ["delete demo-1"],
    ],
    ["replaces one at a time", { ...edited, pods: [fresh(0), sub(1, leaving), sub(2), toolbox()] }, []],
    [
      "waits until that one is ready",
      { ...edited, pods: [fresh(0), fresh(1, { state: "booting" }), sub(2), toolbox()] },
      [],
    ],
    ["and takes the next", { ...edited, pods: [fresh(0), fresh(1), sub(2), toolbox()] }, ["delete demo-2"]],
    [
      "stops when the new one fails",
      { ...edited, pods: [fresh(0), fresh(1, { state: "failed" }), sub(2), toolbox()] },
      ["patch owner"],
    ],
    [
      "replaces at once what had failed",
      { ...edited, pods: [main({ state: "failed" }), sub(1), sub(2, { state: "failed" }), toolbox()] },
      ["delete demo-0", "delete demo-2"],
    ],
    [
      "brings settings up to date before a pod goes",
      { pods: [main()], agent: { image: "ubuntu:26.04" }, spec: { snapshotPolicy: "never" } },
      ["patch demo-0"],
    ],
    ["replaces nothing for replicas", { agent: { replicas: 0 }, pods: [main()] }, []],
  ])("%s", (_, round, acts) => {
    expect(planned(round).acts).toEqual(acts);
  });

  it("deletes by UID and version, and by the set as it stands", () => {
    expect(planned({ ...edited, pods: all }).actions).toEqual([
      {
        kind: "delete-pod",
        name: "demo-0",
        uid: "uid-demo-0",
        resourceVersion: "11",
        provided: [{ kind: "owner-unchanged", resourceVersion: "7" }],
      },
    ]);
  });

  it("replaces a toolbox last", () => {
    const changed = { ...two, spec: { toolboxes: [{ ...db, image: "postgres:18" }] } };
    expect(planned({ ...changed, pods: all }).acts).toEqual(["delete demo-db"]);
  });
});

describe("planCocoonSet, taking VMs away", () => {
  const none = { agent: { replicas: 0 }, pods: all };
  const names = "vk-shop-demo-2,vk-shop-demo-1,vk-shop-demo-db";
  const written = { annotations: { "cocoonset.cocoonstack.io/delete-vm-names": names } };
  const absent = { state: "absent" } as const;

  it("writes down first which go, all in one step", () => {
    expect(planned(none).actions).toEqual([
      {
        kind: "patch-owner",
        uid: "set-uid",
        resourceVersion: "7",
        annotations: {
          "cocoonset.cocoonstack.io/delete-vm-names": "vk-shop-demo-1,vk-shop-demo-2,vk-shop-demo-db",
        },
      },
    ]);
  });

  it.each<[string, Round, readonly string[]]>([
    [
      "deletes the highest slots first",
      { ...none, ...written },
      ["delete demo-2", "delete demo-1", "delete demo-db"],
    ],
    [
      "also while the main agent has failed",
      { ...none, ...written, pods: [main({ state: "failed" }), sub(1)] },
      ["delete demo-1"],
    ],
    ["keeps a VM that is wanted again", { ...two, ...written, pods: all }, ["patch owner"]],
    [
      "waits for the pods",
      {
        agent: {},
        ...written,
        pods: [main(), sub(1, leaving)],
        tags: { "vk-shop-demo-2:hibernate": absent, "vk-shop-demo-db:hibernate": absent },
      },
      ["patch owner"],
    ],
    [
      "does not create in a slot before its tags have gone",
      {
        agent: { replicas: 1 },
        annotations: { "cocoonset.cocoonstack.io/delete-vm-names": "vk-shop-demo-1" },
        pods: [main()],
        tags: { "vk-shop-demo-1:hibernate": present },
      },
      ["delete-tag vk-shop-demo-1:hibernate"],
    ],
  ])("%s", (_, round, acts) => {
    expect(planned(round).acts).toEqual(acts);
  });

  it("asks for the tags once the pods are gone", () => {
    expect(planned({ ...written, agent: {}, pods: [main()] }).asks).toEqual([
      { vmName: "vk-shop-demo-2", tag: "hibernate" },
      { vmName: "vk-shop-demo-1", tag: "hibernate" },
      { vmName: "vk-shop-demo-db", tag: "hibernate" },
    ]);
  });

  it("lets a VM leave that slept when its pod went", () => {
    const annotations = recorded({ "vk-shop-demo-1": record("saved") });
    expect(planned({ annotations, pods: [main()] }).actions).toMatchObject([
      { annotations: { "cocoonset.cocoonstack.io/delete-vm-names": "vk-shop-demo-1" } },
    ]);
  });
});

describe("planCocoonSet, suspending", () => {
  const suspended = { ...two, spec: { ...two.spec, suspend: true } };
  const asleep = (state: string): Readonly<Record<string, string>> =>
    recorded(
      Object.fromEntries(["0", "1", "2", "db"].map((slot) => [`vk-shop-demo-${slot}`, record(state)])),
    );
  const sleeping = [0, 1, 2].map((slot) => sub(slot, { state: "hibernated" }));
  const hibernated = [...sleeping, toolbox({ state: "hibernated" })];

  it("writes down which VMs are to sleep, before any is asked", () => {
    const { acts, actions } = planned({ ...suspended, pods: all, tags });
    expect(acts).toEqual(["patch owner"]);
    expect(actions).toMatchObject([
      {
        annotations: recorded(
          Object.fromEntries(
            ["0", "1", "2", "db"].map((slot) => [
              `vk-shop-demo-${slot}`,
              { state: "saving", since: ago(0), latest: "" },
            ]),
          ),
        ),
      },
    ]);
  });

  it("asks them with the generation in the same patch", () => {
    const pods = [main({ annotations: { "cocoonset.cocoonstack.io/generation": "2" } })];
    const round = {
      spec: { suspend: true },
      pods,
      annotations: recorded({ "vk-shop-demo-0": record("saving") }),
    };
    expect(planned(round).actions).toMatchObject([
      {
        kind: "patch-pod",
        annotations: { "vm.cocoonstack.io/hibernate": "true", "cocoonset.cocoonstack.io/generation": "3" },
      },
    ]);
  });

  it("does not stamp a VM that has not been asked yet", () => {
    const pods = [main({ annotations: { "cocoonset.cocoonstack.io/generation": "2" } })];
    expect(planned({ spec: { suspend: true }, pods, tags }).acts).toEqual(["patch owner"]);
  });

  it.each<[string, Round, readonly string[]]>([
    [
      "creates nothing beside VMs that sleep",
      {
        ...suspended,
        pods: sleeping.slice(0, 1),
        annotations: recorded({ "vk-shop-demo-0": record("saved") }),
      },
      [],
    ],
    ["lets VMs sleep", { ...suspended, pods: hibernated, annotations: asleep("saved") }, []],
    ["creates no VM to put it to sleep but the main agent", { ...suspended }, ["create demo-0"]],
    [
      "leaves static toolboxes alone",
      {
        spec: { suspend: true, toolboxes: [{ name: "jump", mode: "static" }] },
        pods: [sub(0, { state: "hibernated" }), toolboxPod(set, { name: "jump", mode: "static" })],
        annotations: recorded({ "vk-shop-demo-0": record("saved") }),
      },
      [],
    ],
    ["leaves failed VMs alone", { spec: { suspend: true }, pods: [main({ state: "failed" })] }, []],
    [
      "wakes them, each written down first",
      { ...two, pods: hibernated, annotations: asleep("saved") },
      ["patch owner"],
    ],
    [
      "and asked then",
      { ...two, pods: hibernated, annotations: asleep("waking") },
      ["patch demo-0", "patch demo-1", "patch demo-2", "patch demo-db"],
    ],
  ])("%s", (_, round, acts) => {
    expect(planned(round).acts).toEqual(acts);
  });

  it("brings a VM back from its snapshot whose pod has gone", () => {
    const tags = { "vk-shop-demo-1:hibernate": present };
    const pods = hibernated.filter(({ metadata }) => metadata.name !== "demo-1");
    const annotations = { ...asleep("saved") };
    expect(planned({ ...suspended, pods, annotations }).asks).toEqual([
      { vmName: "vk-shop-demo-1", tag: "hibernate" },
    ]);
    expect(planned({ ...suspended, pods, annotations, tags }).acts).toEqual(["patch owner"]);
    const waking = JSON.parse(asleep("saved")["cocoonset.cocoonstack.io/snapshots"] ?? "") as Record<
      string,
      object
    >;
    waking["vk-shop-demo-1"] = record("waking");
    expect(planned({ ...suspended, pods, annotations: recorded(waking), tags }).actions).toMatchObject([
      {
        kind: "create-pod",
        pod: { metadata: { annotations: { "vm.cocoonstack.io/restore-from-hibernate": "true" } } },
      },
    ]);
  });

  it("asks the registry before it creates a VM of a set that slept before there were records", () => {
    expect(planned({ status: { phase: "Suspended" } })).toMatchObject({
      acts: [],
      asks: [{ vmName: "vk-shop-demo-0", tag: "hibernate" }],
    });
    const tags = { "vk-shop-demo-0:hibernate": { state: "absent" } as const };
    expect(planned({ status: { phase: "Suspended" }, tags }).acts).toEqual(["create demo-0"]);
  });

  it("asks it as well before it creates a VM of a set whose phase is another operator's", () => {
    const status = { phase: "Waking" } as unknown as NonNullable<Round["status"]>;
    expect(planned({ status }).asks).toEqual([{ vmName: "vk-shop-demo-0", tag: "hibernate" }]);
  });

  it("takes the order to sleep off a static toolbox, which another operator has given it", () => {
    const jump = { name: "jump", mode: "static" };
    const flagged = toolboxPod(set, jump, { annotations: { "vm.cocoonstack.io/hibernate": "true" } });
    const found = planned({ spec: { toolboxes: [jump] }, pods: [main(), flagged] });
    expect(found.actions).toMatchObject([
      { kind: "patch-pod", name: "demo-jump", annotations: { "vm.cocoonstack.io/hibernate": null } },
    ]);
    const suspend = { suspend: true, toolboxes: [jump] };
    expect(planned({ spec: suspend, pods: [main(), flagged], tags }).acts).toEqual([
      "patch demo-jump",
      "patch owner",
    ]);
  });

  it("forks a sub-agent afresh whose lost snapshot is given up, once its set is awake", () => {
    const key = "cocoonset.cocoonstack.io/start-fresh";
    const given = { annotations: { [key]: "demo-1" }, status: { phase: "Suspended" } as const };
    const tags = { "vk-shop-demo-1:hibernate": { state: "absent" } as const };
    const pods = [main(), sub(2), toolbox()];
    const lost = { ...asleep("saved"), ...given.annotations };
    expect(
      planned({
        ...two,
        ...given,
        annotations: lost,
        pods: hibernated.filter(({ metadata }) => metadata.name !== "demo-1"),
        tags,
      }).actions.at(-1),
    ).toMatchObject({ kind: "patch-owner" });
    expect(planned({ ...two, ...given, pods, tags }).actions).toMatchObject([
      {
        kind: "create-pod",
        pod: {
          metadata: { name: "demo-1", annotations: { "vm.cocoonstack.io/fork-from": "vk-shop-demo-0" } },
        },
      },
    ]);
    expect(
      planned({
        ...suspended,
        ...given,
        pods: hibernated.slice(0, 1),
        annotations: recorded({ "vk-shop-demo-0": record("saved") }),
        tags,
      }).acts,
    ).toEqual([]);
  });

  it("holds an edit that came while the VM slept, then and when it wakes", () => {
    const round = {
      agent: { image: "ubuntu:26.04" },
      annotations: recorded({ "vk-shop-demo-0": record("saved") }),
    };
    const pods = [main({ state: "hibernated" })];
    const { actions, conditions } = planned({ ...round, spec: { suspend: true }, pods });
    expect(actions).toMatchObject([
      {
        kind: "patch-pod",
        annotations: { "cocoonset.cocoonstack.io/held-template": expect.stringMatching(/^v1-/) as string },
      },
    ]);
    expect(conditions["Blocked"]).toMatchObject({
      status: "True",
      reason: "EditHeld",
      message:
        "image changed while the VM of pod demo-0 (main agent) slept, and a VM made anew would not have its state, so it stays as it was: undo the edit, or delete the pod while it runs to have it made anew",
    });
    const [patch] = actions;
    const held =
      patch?.kind === "patch-pod" ? patch.annotations["cocoonset.cocoonstack.io/held-template"] : "";
    const awake = [main({ annotations: { "cocoonset.cocoonstack.io/held-template": held ?? "" } })];
    expect(planned({ agent: round.agent, pods: awake }).acts).toEqual([]);
    expect(planned({ agent: { image: "ubuntu:28.04" }, pods: awake }).acts).toEqual(["delete demo-0"]);
    expect(planned({ pods: awake }).actions).toMatchObject([
      { annotations: { "cocoonset.cocoonstack.io/held-template": null } },
    ]);
  });
});

describe("planCocoonSet, beside CocoonHibernations", () => {
  const sleeps = hibernation("Hibernate");
  const annotations = recorded({ "vk-shop-demo-0": record("saved") });

  it("does what the CocoonHibernation says", () => {
    expect(planned({ pods: [main()], hibernations: [sleeps], tags }).acts).toEqual(["patch owner"]);
    const saving = recorded({ "vk-shop-demo-0": record("saving") });
    expect(planned({ pods: [main()], hibernations: [sleeps], annotations: saving }).acts).toEqual([
      "patch demo-0",
    ]);
  });

  it("says by whom a VM sleeps, and goes on with the rest", () => {
    const pods = [main({ state: "hibernated" }), sub(1)];
    const rest = { spec: { toolboxes: [db] } };
    const found = planned({ ...rest, pods, hibernations: [sleeps], annotations });
    expect(found.acts).toEqual(["create demo-db", "patch owner"]);
    expect(found.conditions["Ready"]?.message).toContain("demo-0 is hibernated by CocoonHibernation demo-0");
    const alone = planned({ pods: [main({ state: "hibernated" })], hibernations: [sleeps], annotations });
    expect(alone.conditions["Ready"]).toMatchObject({ status: "False", reason: "Hibernated" });
    expect(alone.conditions["Progressing"]?.status).toBe("False");
  });

  it("wakes the VM of one that is deleted, and collects its snapshot", () => {
    const deleted = hibernation("Hibernate", { metadata: { deletionTimestamp: ago(1_000) } });
    const asleep = { pods: [main({ state: "hibernated" })], hibernations: [deleted], annotations };
    expect(planned(asleep).acts).toEqual(["patch owner"]);
    const collecting = {
      pods: [main()],
      hibernations: [deleted],
      annotations: recorded({ "vk-shop-demo-0": record("collecting") }),
    };
    expect(planned({ ...collecting, tags: { "vk-shop-demo-0:hibernate": present } }).acts).toEqual([
      "delete-tag vk-shop-demo-0:hibernate",
    ]);
  });

  it("replaces no sub-agent that could not be forked again while the main agent sleeps", () => {
    const old = setView({ agent: { replicas: 1, image: "ubuntu:22.04" }, spec: { toolboxes: [db] } });
    const round = {
      agent: { replicas: 1 },
      hibernations: [sleeps],
      annotations,
      pods: [main({ state: "hibernated" }), agentPod(old, 1), toolbox()],
    };
    expect(planned({ ...round, spec: { toolboxes: [db] } }).acts).toEqual([]);
    const changed = { toolboxes: [{ ...db, image: "postgres:18" }] };
    expect(planned({ ...round, spec: changed }).acts).toEqual(["delete demo-db"]);
  });
});

describe("planCocoonSet, where names are in the way", () => {
  it.each<[string, Round, readonly string[], string, string]>([
    [
      "a stranger's pod",
      { agent: { replicas: 2 }, pods: [main(), sub(1, { metadata: { ownerReferences: [] } })] },
      ["create demo-2"],
      "NameTaken",
      "the pod of sub-agent 1 is not created, because another pod has its name, demo-1: delete that pod if nobody needs it, or choose another name for the set or toolbox",
    ],
    [
      "a toolbox that is a slot",
      { spec: { toolboxes: [{ name: "1", image: "a" }, db] }, pods: [main()] },
      ["create demo-db"],
      "ToolboxNameReserved",
      'toolbox "1" is not created, because its name stands for the slot of an agent: give it a name with a letter',
    ],
    [
      "another set's VM",
      { agent: { replicas: 1 }, pods: [main()], taken: { "vk-shop-demo-1": "shop-demo/1" } },
      [],
      "VMNameTaken",
      "pod demo-1 is left alone, because its VM would have the name vk-shop-demo-1, as has one of CocoonSet shop-demo/1, and they would share their snapshots: give CocoonSet demo another name",
    ],
    [
      "a VM that may be another set's, of which nobody knows",
      {
        agent: { replicas: 1 },
        pods: [main()],
        taken: { "vk-shop-demo-1": { set: "shop-demo/1", doubt: "its annotation x cannot be read" } },
      },
      [],
      "VMNameTaken",
      "pod demo-1 is left alone, because its VM would have the name vk-shop-demo-1, and one of CocoonSet shop-demo/1 may sleep under it, which nobody can tell (its annotation x cannot be read): mend that, or give CocoonSet demo another name",
    ],
    [
      "records that cannot be read",
      { annotations: { "cocoonset.cocoonstack.io/snapshots": "{" }, pods: [] },
      [],
      "RecordUnreadable",
      "the annotation cocoonset.cocoonstack.io/snapshots cannot be read, and says which VMs sleep: mend it, or remove it if none does",
    ],
  ])("says so once, and goes on with the rest: %s", (_, round, acts, reason, message) => {
    const first = planned(round);
    expect(first.acts).toEqual(acts);
    expect(first.conditions["Blocked"]).toMatchObject({
      status: "True",
      reason,
      message,
      observedGeneration: 3,
    });
    expect(first.events).toContain(`Warning ${reason}`);
    const conditions = Object.values(first.conditions).map((one) => ({ ...one, lastTransitionTime: ago(0) }));
    expect(planned({ ...round, status: { ...first.status, conditions } }).events).toEqual([]);
  });

  it("makes nothing of a set whose name fits no label", () => {
    const found = planned({ metadata: { name: "x".repeat(64) } });
    expect([found.acts, found.conditions["Blocked"]?.reason]).toEqual([[], "NameTooLong"]);
  });

  it("does not put another set's VM to sleep", () => {
    const found = planned({ spec: { suspend: true }, pods: [main()], taken: { "vk-shop-demo-0": "a/b" } });
    expect(found.acts).toEqual([]);
  });
});

describe("planCocoonSet, of what people write on objects", () => {
  const foreign = "vk-bank-vault-0";
  const tags = {
    [`${foreign}:hibernate`]: present,
    [`${foreign}:latest`]: { state: "present", digest: "sha256:b" } as const,
  };

  it.each<[string, Readonly<Record<string, string>>]>([
    ["as leaving", { "cocoonset.cocoonstack.io/delete-vm-names": foreign }],
    ["as recorded", recorded({ [foreign]: record("collecting") })],
    [
      "as both",
      { ...recorded({ [foreign]: record("saved") }), "cocoonset.cocoonstack.io/delete-vm-names": foreign },
    ],
  ])("touches no snapshot of another namespace that is written down %s", (_, annotations) => {
    const spec = { snapshotPolicy: "never" };
    const pods = [agentPod(setView({ spec }), 0)];
    // Struck, and nothing else.
    expect(planned({ spec, pods, annotations, tags })).toMatchObject({ asks: [], acts: ["patch owner"] });
    const deletion = planned({ spec, annotations, tags, metadata: { deletionTimestamp: ago(1_000) } });
    const onTags = deletion.actions.filter(({ kind }) => kind !== "patch-owner");
    expect(JSON.stringify([deletion.asks, onTags])).not.toContain(foreign);
  });

  it("puts no pod of an unknown role to sleep that says it is one, and does not wake it", () => {
    const { labels } = main().metadata;
    const metadata = { name: "demo-x", labels: { ...labels, "cocoonset.cocoonstack.io/role": "other" } };
    const strange = sub(1, { metadata, annotations: { "vm.cocoonstack.io/name": foreign } });
    const suspend = { suspend: true };
    const sleeping = {
      pods: [main({ state: "hibernated" }), strange],
      annotations: recorded({ "vk-shop-demo-0": record("saved") }),
    };
    expect(planned({ spec: suspend, ...sleeping, tags })).toMatchObject({ asks: [], acts: [] });
  });

  // The second is one of the namespace shop-2.
  it.each([foreign, "vk-shop-2-web-0", "vk-shop-demo-x"])(
    "leaves a pod alone that says it is another VM, and says so: %s",
    (other) => {
      const named = { "vm.cocoonstack.io/name": other };
      for (const [state, annotations] of [
        ["running", {}],
        ["hibernated", recorded({ [other]: record("saving") })],
        ["running", recorded({ [other]: record("collecting") })],
      ] as const) {
        const pods = [main({ state, annotations: named })];
        for (const suspend of [true, false]) {
          const found = planned({ spec: { suspend }, pods, annotations });
          // What was written down of it may go; the pod stays as it is.
          expect(found.asks).toEqual([]);
          expect(found.acts.filter((act) => act !== "patch owner")).toEqual([]);
          expect(found.conditions["Blocked"]).toMatchObject({
            reason: "VMNameForeign",
            message: `pod demo-0 is left alone, because its annotation vm.cocoonstack.io/name names ${other}, and its VM is vk-shop-demo-0: mend it, or delete the pod to have it made anew`,
          });
        }
      }
    },
  );
});
