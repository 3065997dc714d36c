import { isDeepStrictEqual } from "node:util";
import { until } from "../support/eventually.js";
import { arrivalMs } from "../support/platform/cocoon-objects.js";
import type { Place } from "../support/platform/place.js";

/** What a VM comes up from; `vm` is a fork. */
type From = "image" | "vm" | "snapshot";

/** Where a set is to get to. */
export interface Goal {
  readonly phase: "Running" | "Suspended" | "gone";
  /** Its pods. */
  readonly pods: readonly string[];
  /** Pods whose VMs leave on the way, and whether the state of each stays as `latest`. */
  readonly leaving?: Readonly<Record<string, boolean>>;
  /** What VMs come up from on the way, each once; the others come up not at all. */
  readonly starts?: Readonly<Record<string, From>>;
}

const sorted = (names: Iterable<string>): readonly string[] => [...names].sort();

/** A set on its way to a goal: what it lacks, and what went wrong. It is the only one in its namespace. */
export class PlayedSet {
  readonly name: string;
  readonly #place: Place;
  #goal: Goal = { phase: "gone", pods: [] };
  /** How often the VM of each pod had come up when the goal was set. */
  #startsBefore: ReadonlyMap<string, number> = new Map();

  constructor(place: Place, name: string) {
    this.#place = place;
    this.name = name;
  }

  /** Has a new goal from now on, by `order`. */
  async aim(goal: Goal, order: () => Promise<void>): Promise<void> {
    this.#goal = goal;
    this.#startsBefore = new Map(
      this.#concerned().map((pod) => [pod, this.#place.startsOf(pod).length] as const),
    );
    await order();
  }

  /** The same, to its end. */
  async reach(goal: Goal, order: () => Promise<void>): Promise<void> {
    await this.aim(goal, order);
    await this.arrive();
  }

  async arrive(): Promise<void> {
    await until(
      `CocoonSet ${this.#place.ns}/${this.name} does not get to ${this.#goal.phase}`,
      () => this.lacks(),
      (lacks) => lacks.length === 0,
      arrivalMs,
    );
  }

  /** What is not yet as it is to be; empty at the goal. */
  async lacks(): Promise<readonly string[]> {
    const { phase } = this.#goal;
    const said = await this.#said();
    // What the operator says comes last, so nothing else need be asked before.
    if (said !== phase) return [`the operator says ${said}`];
    const { ns, pods } = this.#place;
    const wanted = { pods: sorted(this.#goal.pods), vms: phase === "Running" ? this.#vmNames() : [] };
    const found = { pods: await pods.names(), vms: this.#place.platform.contents.running(ns) };
    return [...differences(wanted, found), ...(await this.#tagFaults())];
  }

  /** What must not have happened on the way. */
  async faults(): Promise<readonly string[]> {
    const { starts = {} } = this.#goal;
    const wrong = this.#concerned().flatMap((pod) => {
      const seen = this.#place.startsOf(pod).slice(this.#startsBefore.get(pod) ?? 0);
      const wanted = starts[pod] === undefined ? [] : [starts[pod]];
      return isDeepStrictEqual(seen, wanted)
        ? []
        : [`the VM of ${pod} came up from [${seen.join()}] in place of [${wanted.join()}]`];
    });
    return [...wrong, ...(await this.#place.platform.contents.losses(`${this.#place.ns}-${this.name}`))];
  }

  #concerned(): readonly string[] {
    return [...this.#goal.pods, ...Object.keys(this.#goal.leaving ?? {})];
  }

  #vmNames(): readonly string[] {
    return sorted(this.#goal.pods.map((pod) => this.#place.vmName(pod)));
  }

  /** The phase that the operator gives the set as it stands now. */
  async #said(): Promise<string> {
    const set = await this.#place.get("CocoonSet", this.name);
    if (set === undefined) return "gone";
    const { metadata, status } = set;
    if (metadata?.deletionTimestamp != null) return "Deleting";
    if (status?.observedGeneration !== metadata?.generation) return "nothing of this generation";
    return status?.phase ?? "nothing";
  }

  /** Every VM that sleeps has its snapshot, none that runs or has left has one, and what the policy keeps is kept. */
  async #tagFaults(): Promise<readonly string[]> {
    const { phase, pods, leaving = {} } = this.#goal;
    const wanted = [
      ...this.#concerned().map((pod) => {
        const sleeps = phase === "Suspended" && pods.includes(pod);
        return { pod, tag: "hibernate" as const, isThere: sleeps };
      }),
      ...Object.entries(leaving).map(([pod, isKept]) => ({ pod, tag: "latest" as const, isThere: isKept })),
    ];
    const found = await Promise.all(
      wanted.map(async ({ pod, tag, isThere }) => {
        const content = await this.#place.tag(pod, tag);
        const expected = isThere ? this.#place.contentOf(pod) : undefined;
        return isDeepStrictEqual(content, expected)
          ? []
          : [`${pod}:${tag} is ${JSON.stringify(content)} in place of ${JSON.stringify(expected)}`];
      }),
    );
    return found.flat();
  }
}

type Names = Readonly<Record<"pods" | "vms", readonly string[]>>;

const differences = (wanted: Names, found: Names): readonly string[] =>
  (["pods", "vms"] as const).flatMap((what) =>
    isDeepStrictEqual(wanted[what], found[what])
      ? []
      : [`its ${what} are ${found[what].join()} in place of ${wanted[what].join()}`],
  );
