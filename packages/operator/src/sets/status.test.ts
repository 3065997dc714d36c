import { describe, expect, it } from "vitest";
import {
  ago,
  agentPod,
  type PodOptions,
  setView,
  toolboxPod,
} from "../../../../test/support/operator/objects.js";
import { planned, recorded, type Round } from "../../../../test/support/operator/planned.js";

const db = { name: "db", image: "postgres:17", os: "windows" };
const round = { agent: { replicas: 1 }, spec: { toolboxes: [db] } };
const set = setView(round);
const agent = (slot: number, options?: PodOptions): ReturnType<typeof agentPod> =>
  agentPod(set, slot, options);
const toolbox = (options?: PodOptions): ReturnType<typeof toolboxPod> => toolboxPod(set, db, options);
const all = [agent(0), agent(1), toolbox()];
const suspended = { ...round, spec: { ...round.spec, suspend: true } };
const records = (state: string): Readonly<Record<string, string>> =>
  recorded(
    Object.fromEntries(
      ["0", "1", "db"].map((slot) => [
        `vk-shop-demo-${slot}`,
        { state, since: ago(1_000), digest: "sha256:a" },
      ]),
    ),
  );
const asleep = [
  agent(0, { state: "hibernated" }),
  agent(1, { state: "hibernated" }),
  toolbox({ state: "hibernated" }),
];
const stamped = {
  annotations: {
    "cocoonset.cocoonstack.io/generation": "2",
    "vm.cocoonstack.io/lifecycle-observed-generation": "2",
  },
};

describe("the status of a CocoonSet", () => {
  it("counts, and lists every VM that has a pod", () => {
    expect(planned({ ...round, pods: all }).status).toEqual({
      observedGeneration: 3,
      phase: "Running",
      readyAgents: 2,
      desiredAgents: 2,
      readyToolboxes: 1,
      desiredToolboxes: 1,
      agents: [
        {
          slot: 0,
          role: "main",
          podName: "demo-0",
          vmName: "vk-shop-demo-0",
          vmID: "vm-1",
          ip: "10.0.0.4",
          phase: "Running",
        },
        {
          slot: 1,
          role: "sub-agent",
          podName: "demo-1",
          vmName: "vk-shop-demo-1",
          vmID: "vm-1",
          ip: "10.0.0.4",
          phase: "Running",
          forkedFrom: "vk-shop-demo-0",
        },
      ],
      toolboxes: [
        {
          name: "db",
          podName: "demo-db",
          vmName: "vk-shop-demo-db",
          vmID: "vm-1",
          ip: "10.0.0.4",
          phase: "Running",
          connType: "rdp",
        },
      ],
    });
  });

  it("does not count a VM that is not wanted any more", () => {
    const { status, conditions } = planned({ agent: {}, pods: [agent(0, { state: "failed" }), agent(1)] });
    expect(status).toMatchObject({ phase: "Failed", readyAgents: 0, desiredAgents: 1 });
    expect(conditions["Ready"]?.status).toBe("False");
  });

  it.each<[string, Round, string, string, string]>([
    ["nothing yet", round, "Pending", "False AgentsNotReady", "True Reconciling"],
    [
      "a main agent that boots",
      { ...round, pods: [agent(0, { state: "booting" })] },
      "Pending",
      "False AgentsNotReady",
      "True Reconciling",
    ],
    [
      "a sub-agent that is missing",
      { ...round, pods: [agent(0), toolbox()] },
      "Scaling",
      "False AgentsNotReady",
      "True Reconciling",
    ],
    [
      "a toolbox that boots",
      { ...round, pods: [agent(0), agent(1), toolbox({ state: "booting" })] },
      "Scaling",
      "False AgentsNotReady",
      "True Reconciling",
    ],
    ["everything", { ...round, pods: all }, "Running", "True AllAgentsReady", "False Stable"],
    [
      "more than is wanted",
      { ...round, pods: [...all, agent(2)] },
      "Running",
      "True AllAgentsReady",
      "True Reconciling",
    ],
    [
      "a main agent whose VM failed",
      { ...round, pods: [agent(0, { state: "failed" }), agent(1), toolbox()] },
      "Failed",
      "False PodLifecycleFailed",
      "False Stable",
    ],
    [
      "a main agent whose pod ended",
      { ...round, pods: [agent(0, { status: { phase: "Succeeded" } }), agent(1), toolbox()] },
      "Failed",
      "False MainAgentFailed",
      "False Stable",
    ],
    ["an order to sleep", { ...suspended, pods: all }, "Suspending", "False Suspending", "True Suspending"],
    [
      "VMs that sleep",
      { ...suspended, pods: asleep, annotations: records("saved") },
      "Suspended",
      "False Suspended",
      "False Stable",
    ],
    [
      "one that still has to",
      { ...suspended, pods: [...asleep.slice(0, 2), toolbox()], annotations: records("saved") },
      "Suspending",
      "False Suspending",
      "True Suspending",
    ],
    [
      "an answer for an older generation",
      {
        ...suspended,
        pods: [...asleep.slice(1), agent(0, { state: "hibernated", ...stamped })],
        annotations: records("saved"),
      },
      "Suspending",
      "False Suspending",
      "True Suspending",
    ],
    [
      "one that failed and cannot",
      {
        ...suspended,
        pods: [...asleep.slice(0, 2), toolbox({ state: "failed" })],
        annotations: recorded({
          "vk-shop-demo-0": { state: "saved", since: "" },
          "vk-shop-demo-1": { state: "saved", since: "" },
        }),
      },
      "Suspended",
      "False Suspended",
      "False Stable",
    ],
    [
      "VMs that wake",
      { ...round, pods: asleep, annotations: records("waking") },
      "Pending",
      "False AgentsNotReady",
      "True Waking",
    ],
  ])("stands, with %s, at", (_, input, phase, ready, progressing) => {
    const { status, conditions } = planned(input);
    const short = (type: string): string =>
      `${conditions[type]?.status ?? ""} ${conditions[type]?.reason ?? ""}`;
    expect([status["phase"], short("Ready"), short("Progressing")]).toEqual([phase, ready, progressing]);
    expect(Object.values(conditions).map(({ observedGeneration }) => observedGeneration)).toEqual([
      3, 3, 3, 3,
    ]);
  });

  it("says what is not ready, and how to mend what failed", () => {
    const messageOf = (pods: Round["pods"]): string | undefined =>
      planned({ ...round, pods: pods ?? [] }).conditions["Ready"]?.message;
    expect(messageOf([agent(0), toolbox({ state: "booting" })])).toBe(
      "1/2 agents ready, 0/1 toolboxes ready; demo-1 is missing; demo-db is booting",
    );
    expect(messageOf([agent(0, { state: "failed" })])).toBe(
      "main agent demo-0 failed: no space left on device; mend the spec or delete the pod: either makes it anew, without the state that it had (0/2 agents ready, 0/1 toolboxes ready)",
    );
  });

  it("says of a set that is suspended what is in no snapshot", () => {
    const jump = { name: "jump", mode: "static" };
    const dead = { annotations: { "cocoonset.cocoonstack.io/dead-letter": "true" } };
    const sleeps = recorded({ "vk-shop-demo-0": { state: "saved", since: ago(1_000), digest: "sha256:a" } });
    const said = (one: Round): unknown => {
      const { status, conditions, events, told } = planned({ ...suspended, ...one });
      const message = conditions["Ready"]?.message;
      expect([status["phase"], events, told]).toEqual(["Suspended", ["Normal Suspended"], [message]]);
      return message;
    };
    expect(said({ pods: asleep, annotations: records("saved") })).toBe("every VM sleeps in its snapshot");
    expect(
      said({
        agent: { replicas: 2 },
        spec: { suspend: true, toolboxes: [db, jump] },
        pods: [
          agent(0, { state: "hibernated" }),
          agent(1, { state: "failed" }),
          toolbox({ state: "failed", ...dead }),
          toolboxPod(set, jump),
        ],
        annotations: sleeps,
      }),
    ).toBe(
      "every other VM sleeps in its snapshot; demo-1 has failed, and has no snapshot; demo-2 is missing; demo-db has failed, and has no snapshot; demo-jump is static, and others run its VM",
    );
  });
});

describe("the events of a CocoonSet", () => {
  const stored = (found: ReturnType<typeof planned>): NonNullable<Round["status"]> => ({
    ...found.status,
    conditions: Object.values(found.conditions).map((one) => ({ ...one, lastTransitionTime: ago(0) })),
  });
  /** What is told at each of these observations but the first, and then when nothing more happens. */
  const told = (...rounds: readonly Round[]): readonly (readonly string[])[] => {
    let status: Round["status"];
    const events = [...rounds, ...rounds.slice(-1)].map((one) => {
      const found = planned({ ...one, ...(status !== undefined && { status }) });
      status = stored(found);
      return found.events;
    });
    return events.slice(1);
  };
  const failed = { ...round, pods: [agent(0, { state: "failed" })] };
  const missing = { ...round, pods: [] };
  const booting = { ...round, pods: [agent(0, { state: "booting" })] };
  const going = { deletionTimestamp: ago(1_000) };

  it.each<[string, Round, Round, readonly string[]]>([
    ["that everything is ready", { ...round, pods: [agent(0)] }, { ...round, pods: all }, ["Normal Running"]],
    ["that the main agent failed", { ...round, pods: all }, failed, ["Warning PodLifecycleFailed"]],
    ["that it recovered", failed, { ...round, pods: all }, ["Normal RecoveredFromFailure", "Normal Running"]],
    ["nothing of a recovery where the set goes", failed, { ...failed, metadata: going }, []],
    [
      "that all sleep",
      { ...suspended, pods: all },
      { ...suspended, pods: asleep, annotations: records("saved") },
      ["Normal Suspended"],
    ],
    [
      "nothing of pods that come and go",
      { ...round, pods: all },
      { ...round, pods: [agent(0), toolbox()] },
      [],
    ],
  ])("tell once %s", (_, before, after, events) => {
    expect(told(before, after)).toEqual([events, []]);
  });

  it("tell of a recovery when the main agent is well, by whatever way it comes there", () => {
    expect(told(failed, missing, booting, { ...round, pods: all })).toEqual([
      [],
      [],
      ["Normal RecoveredFromFailure", "Normal Running"],
      [],
    ]);
    expect(told(failed, booting, { ...round, pods: [agent(0)] }, { ...round, pods: all })).toEqual([
      [],
      ["Normal RecoveredFromFailure"],
      ["Normal Running"],
      [],
    ]);
    const sleeping = { ...suspended, pods: asleep, annotations: records("saved") };
    expect(told(failed, { ...suspended, pods: booting.pods }, sleeping)).toEqual([
      [],
      ["Normal RecoveredFromFailure", "Normal Suspended"],
      [],
    ]);
  });

  it("tell of a recovery also after a time in which nothing could be done, or looked at", () => {
    const unreadable = { annotations: { "cocoonset.cocoonstack.io/snapshots": "{" } };
    for (const before of [failed, booting]) {
      expect(told(failed, { ...before, ...unreadable }, { ...round, pods: all })).toEqual([
        ["Warning RecordUnreadable"],
        ["Normal RecoveredFromFailure", "Normal Running"],
        [],
      ]);
    }
    expect(told(failed, booting, { ...booting, ...unreadable }, { ...round, pods: all })).toEqual([
      [],
      ["Warning RecordUnreadable"],
      ["Normal RecoveredFromFailure", "Normal Running"],
      [],
    ]);
  });

  it("tell of each failure of a main agent that is made anew and fails again", () => {
    expect(told(failed, missing, booting, failed)).toEqual([[], [], ["Warning PodLifecycleFailed"], []]);
  });

  it("call a set degraded until its main agent has recovered", () => {
    const after = (one: Round): unknown =>
      planned({ ...one, status: stored(planned(failed)) }).conditions["Degraded"];
    expect(after(booting)).toMatchObject({
      status: "True",
      reason: "MainAgentRecovering",
      message: "main agent demo-0 failed, and is not known to run again yet",
    });
    expect(after({ ...round, pods: all })).toMatchObject({ status: "False", reason: "AsExpected" });
    expect(planned(booting).conditions["Degraded"]).toMatchObject({ status: "False" });
  });
});
