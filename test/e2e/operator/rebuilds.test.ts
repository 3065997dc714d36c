import type { KubeObject } from "@cocoonstack/machinery/informer";
import { describe, expect } from "vitest";
import { apiPath } from "../../support/api-path.js";
import { until } from "../../support/eventually.js";
import type { LivePod } from "../../support/node/pods-in.js";
import { follow } from "../../support/platform/follow.js";
import { conditionOf, type SeenEvent } from "../../support/platform/cocoon-objects.js";
import type { Place } from "../../support/platform/place.js";
import { scenario } from "../../support/platform/scenario.js";
import { sharedPlatform } from "../../support/platform/shared-platform.js";

const platform = sharedPlatform();

const historyKey = "cocoonset.cocoonstack.io/rebuild-history";
const deadLetterKey = "cocoonset.cocoonstack.io/dead-letter";
const newImage = "ghcr.io/cocoonstack/cocoon/ubuntu:26.04";
const box = { name: "box", image: "ghcr.io/cocoonstack/box:1" };

/** How long each rebuild waits after the one before it; the first, after the first pod. */
const pausesMs = [0, 1_000, 5_000, 30_000];
/** The pauses alone are 36 s. */
const timeoutMs = 300_000;
const hourMs = 3_600_000;

interface Entry {
  readonly count: number;
  readonly lastDeleted: string;
}

/** The history of a set, by slot. */
function entriesOf({ metadata }: { readonly metadata?: object | null }): Readonly<Record<string, Entry>> {
  const { annotations } = (metadata ?? {}) as Partial<LivePod["metadata"]>;
  return JSON.parse(annotations?.[historyKey] ?? "{}") as Readonly<Record<string, Entry>>;
}

const madeMsOf = ({ metadata }: LivePod): number => Date.parse(metadata.creationTimestamp);

const atLeast = (number: number, what: string, count: () => number): Promise<void> =>
  until(
    `there were not ${number} ${what}`,
    () => Promise.resolve(count()),
    (found) => found >= number,
    90_000,
  );

/** What the API server has seen of one pod that is rebuilt again and again, by the objects' own times. */
class Rebuilds implements AsyncDisposable {
  /** When each of its pods was made. */
  readonly madeMs: number[] = [];
  /** Each rebuild as the set's history has it, once. */
  readonly entered: Entry[] = [];
  readonly #following: AsyncDisposable[] = [];

  static async follow({ platform: { plane }, ns }: Place, podName: string): Promise<Rebuilds> {
    const slot = podName.slice("demo-".length);
    const rebuilds = new Rebuilds();
    const pods = follow(plane, apiPath("Pod", ns), {
      add: (pod) => {
        if (pod.metadata.name === podName) rebuilds.madeMs.push(madeMsOf(pod as KubeObject & LivePod));
      },
    });
    const sets = follow(plane, apiPath("CocoonSet", ns), {
      update: (set) => {
        rebuilds.#enter(entriesOf(set)[slot]);
      },
    });
    rebuilds.#following.push(...(await Promise.all([pods, sets])));
    return rebuilds;
  }

  #enter(entry: Entry | undefined): void {
    if (entry !== undefined && entry.lastDeleted !== this.entered.at(-1)?.lastDeleted)
      this.entered.push(entry);
  }

  /** Waits for the `number`-th rebuild. */
  until(number: number): Promise<void> {
    return atLeast(number, "rebuilds", () => this.entered.length);
  }

  /** Waits for the `number`-th pod, the first included. */
  untilMade(number: number): Promise<void> {
    return atLeast(number, "pods", () => this.madeMs.length);
  }

  /** The first pod, and each rebuild. */
  get timesMs(): readonly number[] {
    return [...this.madeMs.slice(0, 1), ...this.entered.map(({ lastDeleted }) => Date.parse(lastDeleted))];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#following.map((one) => one[Symbol.asyncDispose]()));
  }
}

/** Waits until a pod of `demo` has been rebuilt as often as it may be and is left alone; `pause` is what happens in the longest pause. */
async function givesUp(place: Place, rebuilds: Rebuilds, pause: () => Promise<unknown>): Promise<void> {
  await rebuilds.until(3);
  await pause();
  await rebuilds.until(4);
  await place.untilReason("CocoonSet", "demo", "Degraded", "DeadLetter");
  const gapsMs = rebuilds.timesMs.slice(1).map((timeMs, index) => timeMs - (rebuilds.timesMs[index] ?? 0));
  expect(rebuilds.entered.map(({ count }) => count)).toEqual([1, 2, 3, 4]);
  for (const [index, pauseMs] of pausesMs.entries()) {
    expect(gapsMs[index], `pause ${index + 1}`).toBeGreaterThanOrEqual(pauseMs);
  }
}

/** Events of what went wrong, without the node's cause, and how often each was said. */
const warnings = (events: readonly SeenEvent[]): readonly (readonly [string, string, number])[] =>
  events
    .filter(({ reason }) => /Rebuilding|DeadLetter/.test(reason))
    .map(({ reason, message, count }) => [reason, message.split(":")[0] ?? "", count] as const)
    .sort(([, a], [, b]) => (a < b ? -1 : 1));

/** Writes the times that the operator reads as if so much had passed since. */
async function letPass(place: Place, podName: string, ms: number): Promise<void> {
  const earlier = (time = ""): string =>
    new Date(Date.parse(time) - ms).toISOString().replace(/\.\d+Z$/, "Z");
  const pod = await place.pods.get(podName);
  await place.pods.rewriteStatus(podName, {
    conditions: pod?.status.conditions?.map((one) => ({
      ...one,
      lastTransitionTime: earlier(one.lastTransitionTime),
    })),
  });
  const history = await historyOf(place);
  const shifted = Object.entries(history).map(([slot, entry]) => [
    slot,
    { ...entry, lastDeleted: earlier(entry.lastDeleted) },
  ]);
  await place.annotate("CocoonSet", "demo", { [historyKey]: JSON.stringify(Object.fromEntries(shifted)) });
}

const historyOf = async (place: Place): Promise<Readonly<Record<string, Entry>>> =>
  entriesOf(await place.until("CocoonSet", "demo", "there", () => true));

const untilForgotten = (place: Place): Promise<unknown> =>
  place.until("CocoonSet", "demo", "without a history", (set) => Object.keys(entriesOf(set)).length === 0);

describe("a sub-agent that does not come up", () => {
  scenario(
    "12: is rebuilt after 0, 1, 5 and 30 s, also by another process, and then left alone until an edit",
    platform,
    async (place) => {
      place.setFaults({ "demo-1": { fail: ["start"] } });
      await using rebuilds = await Rebuilds.follow(place, "demo-1");
      await place.createSet("demo", { agent: { replicas: 2 } });
      await givesUp(place, rebuilds, async () => {
        // What is being done when the operator ends may go untold: events come last.
        await until(
          "the third rebuild is not told",
          () => place.eventsOf("demo", "SubAgentRebuilding"),
          (events) => events.some(({ message }) => message.startsWith("slot 1 attempt 3/4")),
        );
        await platform().restartOperator();
      });
      const { status } = await place.until(
        "CocoonSet",
        "demo",
        "otherwise ready",
        (set) => set.status?.readyAgents === 2,
      );
      expect(status?.phase).toBe("Scaling");
      expect((await place.pods.get("demo-1"))?.metadata.annotations[deadLetterKey]).toBe("true");
      expect(warnings(await place.eventsOf("demo", "SubAgentDeadLetter"))).toEqual([
        ...[1, 2, 3, 4].map((number) => ["SubAgentRebuilding", `slot 1 attempt ${number}/4`, 1]),
        ["SubAgentDeadLetter", "slot 1 is left alone after 4 rebuilds", 1],
      ]);
      expect(rebuilds.madeMs).toHaveLength(5);

      // Another image is another chance, and not only one.
      place.giveUp("demo-0", "demo-2");
      await place.editSet("demo", { agent: { image: newImage } });
      await rebuilds.until(7);
      expect(rebuilds.entered.slice(4).map(({ count }) => count)).toEqual([1, 2, 3]);
      // In the longest pause: a VM that comes up while its pod is being given up is no loss, but would look like one.
      await rebuilds.untilMade(9);
      place.setFaults({});
      await place.untilPhase("CocoonSet", "demo", "Running");
      expect((await place.pods.get("demo-1"))?.metadata.annotations[deadLetterKey]).toBeUndefined();

      expect(await historyOf(place)).not.toEqual({});
      await letPass(place, "demo-1", hourMs);
      await untilForgotten(place);
    },
    timeoutMs,
  );

  scenario(
    "12: is no dead letter any more an hour (which is written back) after it has come up",
    platform,
    async (place) => {
      // As an operator leaves it that has rebuilt it four times.
      place.setFaults({ "demo-0": { hang: ["start"] }, "demo-1": { fail: ["start"] } });
      await place.createSet("demo", { agent: { replicas: 1 } });
      const entry = { count: 4, lastDeleted: new Date().toISOString(), uid: "" };
      await place.annotate("CocoonSet", "demo", { [historyKey]: JSON.stringify({ 1: entry }) });
      place.setFaults({ "demo-1": { fail: ["start"] } });
      const dead = await place.untilReason("CocoonSet", "demo", "Degraded", "DeadLetter");
      expect(conditionOf(dead, "Degraded")?.message).toMatch(
        /^pod demo-1 .* mend the spec, .* or delete the pod, for one more try$/,
      );
      const uid = (await place.pods.get("demo-1"))?.metadata.uid;

      place.setFaults({});
      await place.untilPhase("CocoonSet", "demo", "Running");
      expect((await place.pods.get("demo-1"))?.metadata.annotations[deadLetterKey]).toBe("true");
      await letPass(place, "demo-1", hourMs);
      await untilForgotten(place);
      const healed = await place.pods.until(
        "demo-1",
        "without the mark",
        ({ metadata }) => metadata.annotations[deadLetterKey] === undefined,
      );
      expect(healed.metadata.uid).toBe(uid);
    },
    timeoutMs,
  );
});

describe("a toolbox that does not come up", () => {
  scenario(
    "13: is rebuilt after 0, 1, 5 and 30 s and then left alone, which people see",
    platform,
    async (place) => {
      place.setFaults({ "demo-box": { fail: ["start"] } });
      await using rebuilds = await Rebuilds.follow(place, "demo-box");
      await place.createSet("demo", { agent: { replicas: 1 }, toolboxes: [box] });
      await givesUp(place, rebuilds, async () => {
        await place.until("CocoonSet", "demo", "said to wait", (set) => {
          const { reason, message } = conditionOf(set, "Degraded") ?? {};
          const isFourth = /^pod demo-box failed .* and waits for its next rebuild, 4 of 4$/.test(
            message ?? "",
          );
          return reason === "RebuildBackOff" && isFourth;
        });
      });
      const { status } = await place.until(
        "CocoonSet",
        "demo",
        "otherwise ready",
        (set) => set.status?.readyAgents === 2,
      );
      expect(status).toMatchObject({ phase: "Scaling", readyToolboxes: 0, desiredToolboxes: 1 });
      expect(warnings(await place.eventsOf("demo", "ToolboxDeadLetter"))).toEqual([
        ...[1, 2, 3, 4].map((number) => ["ToolboxRebuilding", `toolbox box attempt ${number}/4`, 1]),
        ["ToolboxDeadLetter", "toolbox box is left alone after 4 rebuilds", 1],
      ]);
      expect(rebuilds.madeMs).toHaveLength(5);
    },
    timeoutMs,
  );
});
