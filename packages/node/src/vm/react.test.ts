import { beforeEach, describe, expect, it } from "vitest";
import type { Effect } from "./effect.js";
import type { Event } from "./event.js";
import { mostRetries } from "./limits.js";
import type { PodView } from "./pod-view.js";
import { react } from "./react.js";
import { firstState, type Found, type VMState } from "./state.js";

const nothing: Found = { vm: undefined, isAsleep: false };
const vm = { name: "vk-shop-demo-0", id: "vm-1", ip: "10.0.0.7" };

interface PodParts {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly deleted?: boolean;
  readonly status?: PodView["status"];
}

const keys: Readonly<Record<string, string>> = {
  hibernate: "vm.cocoonstack.io/hibernate",
  id: "vm.cocoonstack.io/id",
  ip: "vm.cocoonstack.io/ip",
  forkFrom: "vm.cocoonstack.io/fork-from",
  restore: "vm.cocoonstack.io/restore-from-hibernate",
  postClone: "vm.cocoonstack.io/post-clone-state",
  state: "vm.cocoonstack.io/lifecycle-state",
  observed: "vm.cocoonstack.io/lifecycle-observed-generation",
  mode: "cocoonset.cocoonstack.io/mode",
  managed: "cocoonset.cocoonstack.io/managed",
  policy: "cocoonset.cocoonstack.io/snapshot-policy",
  generation: "cocoonset.cocoonstack.io/generation",
};

const runningStatus = { phase: "Running", containerStatuses: [{ state: { running: {} } }] };

/** A managed pod at generation 3, of mode run; annotations by their short names, `""` for none. */
function pod({ annotations = {}, deleted = false, status = null }: PodParts = {}): PodView {
  const all = { mode: "run", managed: "true", generation: "3", ...annotations };
  const written = Object.entries(all).filter(([, value]) => value !== "");
  return {
    metadata: {
      namespace: "shop",
      name: "demo-0",
      uid: "u-1",
      resourceVersion: "1",
      ...(deleted && { deletionTimestamp: "2026-01-01T00:00:00Z" }),
      annotations: {
        "vm.cocoonstack.io/name": vm.name,
        "cocoonset.cocoonstack.io/image": "ubuntu:24.04",
        ...Object.fromEntries(written.map(([name, value]) => [keys[name] ?? name, value])),
      },
    },
    status,
  };
}

/** An agent without a world: steps succeed, unless they are told to fail. */
class Play {
  nowMs = 0;
  state: VMState;
  pod: PodView;
  readonly failing = new Map<string, string>();
  answers = true;
  againMs: number | undefined;
  #steps: string[] = [];

  constructor(first: PodView, found: Found = nothing) {
    this.pod = first;
    this.state = firstState(first, found);
  }

  /** What the agent does because of an event, in words. */
  on(event: Event): readonly string[] {
    this.#steps = [];
    let next: Event | undefined = event;
    for (let rounds = 0; next !== undefined; rounds++) {
      if (rounds > 20) throw new Error(`no end: ${this.#steps.join(", ")}`);
      next = this.#once(next);
    }
    return this.#steps;
  }

  #once(event: Event): Event | undefined {
    const { state, effects, againMs } = react(this.state, event, this.nowMs);
    this.state = state;
    this.againMs = againMs;
    for (const effect of effects) {
      const message = this.failing.get(effect.do);
      this.#steps.push(words(effect) + (message === undefined ? "" : ` fails`));
      if (message !== undefined) return { type: "failed", effect, message };
      this.#done(effect);
    }
    return effects.length === 0 ? undefined : { type: "settled" };
  }

  #done(effect: Effect): void {
    const generation = Number(this.pod.metadata.annotations?.["cocoonset.cocoonstack.io/generation"] ?? 0);
    const result = { vm, answers: this.answers, generation };
    this.state = react(this.state, { type: "done", effect, result }, this.nowMs).state;
  }

  sees(parts: PodParts): readonly string[] {
    this.pod = pod(parts);
    return this.on({ type: "seen", pod: this.pod });
  }
}

function words(effect: Effect): string {
  switch (effect.do) {
    case "report":
    case "echo":
      return `${effect.do} ${effect.state}${effect.message === "" ? "" : `: ${effect.message}`}`;
    case "destroy":
      return effect.sleeps ? "destroy, sleeps" : "destroy";
    case "remove":
      return effect.atOnce ? "remove at once" : "remove";
    default:
      return [effect.do, ...detailsOf(effect)].join(" ");
  }
}

function detailsOf(effect: Effect): readonly unknown[] {
  switch (effect.do) {
    case "start":
      return ["from", ...Object.values(effect.source)];
    case "show":
      return Object.values(effect.shown);
    case "push":
    case "untag":
      return [effect.tag];
    case "warn":
      return [effect.reason];
    default:
      return [];
  }
}

const upFrom = (source: string): readonly string[] => [
  "report creating",
  `start from ${source}`,
  "identify",
  "probe",
  "show running true",
  "report ready",
];

const clonedFrom = (source: string): readonly string[] => [
  "report creating",
  `start from ${source}`,
  "identify",
  "probe",
  "show running false",
  "set-up",
  "probe",
  "show running true",
  "report ready",
];

const toSleep = [
  "report hibernating",
  "save",
  "push hibernate",
  "unidentify",
  "destroy, sleeps",
  "show asleep",
  "report hibernated",
];

/** A play of a pod that runs. */
function up(annotations: Readonly<Record<string, string>> = {}): Play {
  const play = new Play(pod({ annotations }));
  play.sees({ annotations });
  return play;
}

/** A play of a pod that sleeps. */
function asleep(): Play {
  const play = up();
  play.sees({ annotations: { hibernate: "true" } });
  return play;
}

describe("a new pod", () => {
  it.each([
    ["of mode run", { mode: "run" }, upFrom("image ubuntu:24.04 false")],
    ["of mode clone", { mode: "clone" }, clonedFrom("image ubuntu:24.04 true")],
    ["that is a fork", { forkFrom: "vk-shop-demo-9" }, clonedFrom("vm vk-shop-demo-9")],
    ["with the mark to restore", { restore: "true" }, clonedFrom("snapshot hibernate")],
    [
      "that stands for a VM of others",
      { managed: "", mode: "static", id: "v", ip: "10.1.1.1" },
      ["report creating", "identify", "probe", "show running true", "report ready"],
    ],
  ])("%s is brought up", (_, annotations, steps) => {
    expect(new Play(pod({ annotations })).sees({ annotations })).toEqual(steps);
  });

  it("takes over a VM of its name", () => {
    expect(new Play(pod(), { vm, isAsleep: false }).sees({})).toEqual([
      "report creating",
      "identify",
      "probe",
      "show running true",
      "report ready",
    ]);
  });

  it.each([
    ["has a mode that nobody knows", { mode: "teleport" }, /mode 'teleport'/],
    ["stands for a VM and does not say which", { managed: "", mode: "static", id: "v" }, /id and ip/],
  ])("that %s fails, and says so", (_, annotations, message) => {
    const steps = new Play(pod({ annotations })).sees({ annotations });
    expect(steps).toHaveLength(3);
    expect(steps[0]).toMatch(message);
    expect(steps[1]).toMatch(/^show provider-failed/);
    expect(steps[2]).toBe("warn ProviderCreateFailed");
  });

  it.each(["Failed", "Succeeded"])("that has ended as %s is left alone", (phase) => {
    expect(new Play(pod()).sees({ status: { phase } })).toEqual([]);
  });

  it("that shall sleep is brought up first", () => {
    const annotations = { hibernate: "true" };
    const steps = new Play(pod({ annotations })).sees({ annotations });
    expect(steps).toEqual([...upFrom("image ubuntu:24.04 false"), ...toSleep]);
  });
});

describe("a bring-up that fails", () => {
  const play = (): Play => {
    const one = new Play(pod());
    one.failing.set("start", "no room");
    return one;
  };
  const failure = [
    "report creating",
    "start from image ubuntu:24.04 false fails",
    "report failed: no room",
    "show provider-failed no room",
    "warn ProviderCreateFailed",
  ];

  it("is reported, waits, and comes to its end when it can", () => {
    const one = play();
    expect(one.sees({})).toEqual(failure);
    expect([one.againMs, one.sees({})]).toEqual([500, []]);
    one.nowMs = 499;
    expect(one.on({ type: "settled" })).toEqual([]);
    one.nowMs = 500;
    one.failing.clear();
    expect(one.on({ type: "settled" })).toEqual(upFrom("image ubuntu:24.04 false"));
  });

  it("is tried twenty times more, and then once the pod asks for something else", () => {
    const one = play();
    one.sees({});
    let tries = 1;
    while (one.againMs !== undefined && one.againMs < Infinity) {
      one.nowMs = one.againMs;
      expect(one.on({ type: "settled" })).toEqual(failure);
      tries++;
    }
    expect(tries).toBe(mostRetries + 1);
    expect(one.sees({ annotations: { image: "x" } })).toEqual([]);
    expect(one.sees({ annotations: { mode: "clone" } })[0]).toBe("report creating");
  });

  it("answers a raised stamp while it waits", () => {
    const one = play();
    one.sees({});
    expect(one.sees({ annotations: { generation: "4" } })).toEqual(["echo failed: no room"]);
  });

  it("ends when its pod leaves", () => {
    const one = play();
    one.sees({});
    expect(one.sees({ deleted: true })).toEqual(["remove at once"]);
  });
});

describe("a guest", () => {
  it("that does not answer is asked more and more rarely, up to once a second, and is ready when it does", () => {
    const play = new Play(pod());
    play.answers = false;
    expect(play.sees({}).slice(-2)).toEqual(["show running false", "report ready"]);
    const waits: number[] = [];
    for (let i = 0; i < 6; i++) {
      waits.push((play.againMs ?? 0) - play.nowMs);
      play.nowMs = play.againMs ?? 0;
      expect(play.on({ type: "settled" })).toEqual(["probe"]);
    }
    expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    play.answers = true;
    play.nowMs = play.againMs ?? 0;
    expect(play.on({ type: "settled" })).toEqual(["probe", "show running true"]);
    expect((play.againMs ?? 0) - play.nowMs).toBe(5_000);
  });

  it("is not ready any more after three misses", () => {
    const play = up();
    play.answers = false;
    const seen: (readonly string[])[] = [];
    for (let i = 0; i < 3; i++) {
      play.nowMs = play.againMs ?? 0;
      seen.push(play.on({ type: "settled" }));
    }
    expect(seen).toEqual([["probe"], ["probe"], ["probe", "show running false"]]);
  });

  it("that cannot be set up makes its pod fail, and is set up later", () => {
    const play = new Play(pod({ annotations: { mode: "clone" } }));
    play.failing.set("set-up", "no agent");
    expect(play.sees({ annotations: { mode: "clone" } }).slice(-2)).toEqual([
      "set-up fails",
      "report failed: no agent",
    ]);
    play.failing.clear();
    play.nowMs = play.againMs ?? 0;
    expect(play.on({ type: "settled" })).toEqual([
      "report creating",
      "identify",
      "probe",
      "show running false",
      "set-up",
      "probe",
      "show running true",
      "report ready",
    ]);
  });

  it("gets its address later", () => {
    const play = up();
    expect(play.on({ type: "addressed", ip: "10.9.9.9" })).toEqual(["identify", "show running true"]);
    expect(play.state.vm?.ip).toBe("10.9.9.9");
  });
});

describe("a VM that shall sleep", () => {
  it("is saved, pushed and ended, in this order", () => {
    expect(up().sees({ annotations: { hibernate: "true" } })).toEqual(toSleep);
  });

  it("sleeps on, and answers stamps", () => {
    const play = asleep();
    expect(play.sees({ annotations: { hibernate: "true" } })).toEqual([]);
    expect(play.sees({ annotations: { hibernate: "true", generation: "5" } })).toEqual(["echo hibernated"]);
    expect(play.state.lifecycle.observedGeneration).toBe(5);
  });

  it("is left alone where others run it", () => {
    const own = { managed: "", mode: "static", id: "v", ip: "10.1.1.1" };
    expect(up(own).sees({ annotations: { ...own, hibernate: "true" } })).toEqual([]);
  });

  it.each(["save", "push"])("and whose %s fails runs on, and is tried again", (step) => {
    const play = up();
    play.failing.set(step, "no space");
    const steps = play.sees({ annotations: { hibernate: "true" } });
    expect(steps.slice(-3)).toEqual([
      "report failed: no space",
      "show provider-failed no space",
      "warn ProviderUpdateFailed",
    ]);
    expect(play.state).toMatchObject({ life: "awake", vm });
    play.failing.clear();
    play.nowMs = play.againMs ?? 0;
    expect(play.on({ type: "settled" })).toEqual(toSleep);
  });

  it("and is not to any more after a failure runs on, by way of creating", () => {
    const play = up();
    play.failing.set("push", "no space");
    play.sees({ annotations: { hibernate: "true" } });
    expect(play.sees({})).toEqual([
      "report creating",
      "identify",
      "probe",
      "show running true",
      "report ready",
    ]);
  });

  it.each([
    ["its tag goes", [] as string[], ["untag hibernate", "identify"]],
    ["its tag stays", ["untag"], ["untag hibernate fails", "identify"]],
  ])("and cannot be ended keeps its id; %s", (_, alsoFailing, undone) => {
    const play = up();
    for (const step of ["destroy", ...alsoFailing]) play.failing.set(step, "busy");
    const steps = play.sees({ annotations: { hibernate: "true" } });
    expect(steps.slice(4)).toEqual([
      "destroy, sleeps fails",
      ...undone,
      "report failed: busy",
      "show provider-failed busy",
      "warn ProviderUpdateFailed",
    ]);
    expect(play.state).toMatchObject({ life: "awake", vm });
  });
});

describe("a VM that shall wake", () => {
  it("comes from its snapshot", () => {
    expect(asleep().sees({})).toEqual(clonedFrom("snapshot hibernate"));
  });

  it("and has no snapshot fails, and does not start afresh", () => {
    const play = asleep();
    play.failing.set("start", "no such tag");
    expect(play.sees({})[2]).toBe("report failed: no such tag");
    play.failing.clear();
    play.nowMs = play.againMs ?? 0;
    expect(play.on({ type: "settled" })[1]).toBe("start from snapshot hibernate");
  });
});

describe("a wake that fails, of a VM that shall sleep after all,", () => {
  it("says so by a new try", () => {
    const play = asleep();
    play.failing.set("start", "no such tag");
    play.sees({});
    expect(play.sees({ annotations: { hibernate: "true" } })).toEqual([
      "report hibernating",
      "unidentify",
      "show asleep",
      "report hibernated",
    ]);
  });
});

describe("a pod that is deleted", () => {
  const leaves = { deleted: true, status: runningStatus };

  it.each([
    ["always", {}, ["save", "push latest", "destroy", "remove"]],
    ["main-only, and main", { policy: "main-only" }, ["save", "push latest", "destroy", "remove"]],
    ["never", { policy: "never" }, ["destroy", "remove"]],
    ["and others run its VM", { managed: "", mode: "static", id: "v", ip: "i" }, ["remove at once"]],
  ])("while its VM runs is kept by policy: %s", (_, annotations, steps) => {
    expect(up(annotations).sees({ ...leaves, annotations })).toEqual(steps);
  });

  it("keeps its VM until that is pushed, however long it takes", () => {
    const play = up();
    play.failing.set("push", "registry down");
    expect(play.sees(leaves)).toEqual(["save", "push latest fails"]);
    for (let tries = 0; tries < 2 * mostRetries; tries++) {
      play.nowMs = play.againMs ?? 0;
      expect(play.on({ type: "settled" })).toEqual(["save", "push latest fails"]);
    }
    play.failing.clear();
    play.nowMs = play.againMs ?? 0;
    expect(play.on({ type: "settled" })).toEqual(["save", "push latest", "destroy", "remove"]);
  });

  it("without a running container is removed at once, and its VM after it", () => {
    expect(asleep().sees({ deleted: true, status: { phase: "Pending" } })).toEqual([
      "remove at once",
      "destroy",
    ]);
    expect(up().sees({ deleted: true, status: { phase: "Pending" } })).toEqual(["remove at once", "destroy"]);
  });

  it("by the API server alone leaves a VM to be ended", () => {
    const play = up();
    expect(play.on({ type: "gone" })).toEqual(["destroy"]);
    expect(play.on({ type: "gone" })).toEqual([]);
    expect(up({ managed: "", mode: "static", id: "v", ip: "i" }).on({ type: "gone" })).toEqual([]);
  });
});

describe("a VM that goes wrong", () => {
  it("and vanishes takes its pod with it", () => {
    const play = up();
    expect(play.on({ type: "vanished" })).toEqual(["evict", "show lost VMGone"]);
    expect(play.sees({ deleted: true, status: { phase: "Failed" } })).toEqual(["remove at once"]);
  });

  it("is not missed while it sleeps", () => {
    const play = asleep();
    expect([play.on({ type: "vanished" }), play.on({ type: "stopped" })]).toEqual([[], []]);
  });

  describe("and stops", () => {
    let play: Play;
    beforeEach(() => {
      play = up();
      play.nowMs = 1_000;
      expect(play.on({ type: "stopped" })).toEqual(["restart"]);
    });

    it.each([
      ["is given up the second time within half a minute", 29_999, ["evict", "show lost RestartCooldown"]],
      ["is started again later than that", 30_000, ["restart"]],
    ])("%s", (_, laterMs, steps) => {
      play.nowMs += laterMs;
      play.state = { ...play.state, probe: { ...play.state.probe, dueMs: Infinity } };
      expect(play.on({ type: "stopped" })).toEqual(steps);
    });

    it("is given up where it does not start", () => {
      play.nowMs += 60_000;
      play.failing.set("restart", "no disk");
      expect(play.on({ type: "stopped" })).toEqual(["restart fails", "evict", "show lost RestartFailed"]);
    });
  });
});

describe("an agent that was restarted", () => {
  const seen = (annotations: Readonly<Record<string, string>>, found: Found): readonly string[] =>
    new Play(pod({ annotations }), found).sees({ annotations });

  const goesOn = ["report creating", "identify", "probe", "show running true", "report ready"];

  it.each([
    [
      "goes on with a VM that is ready",
      { state: "ready", observed: "3" },
      ["identify", "probe", "show running true"],
    ],
    [
      "answers a stamp of meanwhile",
      { state: "ready", observed: "2" },
      ["identify", "probe", "show running true", "echo ready"],
    ],
    ["goes on bringing up", { state: "creating" }, goesOn],
    ["goes on after a failure", { state: "failed" }, goesOn],
    ["turns round what was to sleep", { state: "hibernating" }, goesOn],
    [
      "sets a guest up again",
      { state: "creating", mode: "clone", postClone: "running" },
      [...goesOn.slice(0, 3), "show running false", "set-up", "probe", ...goesOn.slice(3)],
    ],
    ["puts to sleep what was to", { state: "hibernating", hibernate: "true" }, toSleep],
  ])("%s", (_, annotations, steps) => {
    expect(seen(annotations, { vm, isAsleep: false })).toEqual(steps);
  });

  it.each([
    ["keeps a pod that sleeps", { state: "hibernated", observed: "3", hibernate: "true" }, []],
    [
      "says what was left to say of one that went to sleep",
      { state: "hibernating", hibernate: "true" },
      ["unidentify", "show asleep", "report hibernated"],
    ],
    ["wakes one", { state: "hibernated" }, clonedFrom("snapshot hibernate")],
    ["gives up one whose VM is gone", { state: "ready" }, ["evict", "show lost VMGone"]],
    ["brings up what was not up yet", { state: "creating" }, upFrom("image ubuntu:24.04 false")],
  ])("%s, when the host has no VM", (_, annotations, steps) => {
    expect(seen(annotations, nothing)).toEqual(steps);
  });

  it.each(["creating", "failed", "ready"])("wakes what slept, though its pod says %s", (state) => {
    expect(seen({ state }, { vm: undefined, isAsleep: true })).toEqual(clonedFrom("snapshot hibernate"));
  });
});
