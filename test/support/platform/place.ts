import type { CocoonHibernation, CocoonSet, Decoded } from "@cocoonstack/common/apis/v1";
import { vmNameForPod } from "@cocoonstack/common/meta";
import { expect } from "vitest";
import type { FaultRules } from "../../../packages/node/src/simulated/index.js";
import type { Content } from "../../../packages/node/src/snapshots/index.js";
import { apiPath } from "../api-path.js";
import { watchWrites, type Write } from "../audit-log.js";
import { eventually, until } from "../eventually.js";
import { PodsIn } from "../node/pods-in.js";
import { namespace } from "../objects.js";
import { good } from "../person.js";
import type { Platform } from "./platform.js";
import { followPods, type PodStory } from "./pod-story.js";

type Fields = Readonly<Record<string, unknown>>;
type Kind = "CocoonSet" | "CocoonHibernation";
type Seen<K extends Kind> = K extends "CocoonSet" ? Decoded<CocoonSet> : Decoded<CocoonHibernation>;

/** An event of the operator, as people see it. */
export interface SeenEvent {
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly involvedObject: { readonly kind: string; readonly name: string };
}

/** Under load, everything here takes a few seconds at most; a tag that is not there yet is looked for every five. */
const patienceMs = 45_000;
const mergePatch = { contentType: "application/merge-patch+json" };
const image = "ghcr.io/cocoonstack/cocoon/ubuntu:24.04";

/** A namespace on a {@link Platform}, for one test. */
export class Place {
  readonly ns: string;
  readonly pods: PodsIn;
  readonly platform: Platform;

  private constructor(platform: Platform, ns: string) {
    this.platform = platform;
    this.ns = ns;
    this.pods = new PodsIn(platform.plane, ns);
  }

  static async open(platform: Platform, ns: string): Promise<Place> {
    await good(platform.plane.request("POST", "/api/v1/namespaces", namespace(ns)));
    return new Place(platform, ns);
  }

  /** Creates a CocoonSet; `agent` is filled up. */
  async createSet(name: string, { agent, ...spec }: Fields = {}): Promise<void> {
    const filled = {
      nodePool: this.platform.pool,
      agent: { image, ...(agent as Fields | undefined) },
      ...spec,
    };
    await this.#create("CocoonSet", name, filled);
  }

  /** Changes the spec of a CocoonSet. */
  async editSet(name: string, spec: Fields): Promise<void> {
    await this.#patch("CocoonSet", name, { spec });
  }

  /** Creates a CocoonHibernation. */
  async createHibernation(name: string, podName: string, desire: "Hibernate" | "Wake"): Promise<void> {
    await this.#create("CocoonHibernation", name, { podRef: { name: podName }, desire });
  }

  async editHibernation(name: string, desire: "Hibernate" | "Wake"): Promise<void> {
    await this.#patch("CocoonHibernation", name, { spec: { desire } });
  }

  /** Writes what time would have written: fields of a status. */
  async rewriteStatus(kind: Kind, name: string, status: object): Promise<void> {
    await this.#patch(kind, `${name}/status`, { status });
  }

  async annotate(
    kind: Kind,
    name: string,
    annotations: Readonly<Record<string, string | null>>,
  ): Promise<void> {
    await this.#patch(kind, name, { metadata: { annotations } });
  }

  /** Asks for a deletion, and does not wait for its end. */
  async remove(kind: Kind, name: string): Promise<void> {
    await good(this.platform.plane.request("DELETE", apiPath(kind, this.ns, name)));
  }

  /** Undefined where there is none. */
  async get<K extends Kind>(kind: K, name: string): Promise<Seen<K> | undefined> {
    const { status, body } = await this.platform.plane.request("GET", apiPath(kind, this.ns, name));
    return status === 404 ? undefined : (body as Seen<K>);
  }

  /** Waits until an object fits, and gives it. */
  async until<K extends Kind>(
    kind: K,
    name: string,
    what: string,
    fits: (object: Seen<K>) => boolean,
  ): Promise<Seen<K>> {
    let last: Seen<K> | undefined;
    await until(
      `${kind} ${name} is not ${what}`,
      async () => (last = await this.get(kind, name)),
      (object) => object !== undefined && fits(object),
      patienceMs,
    );
    if (last === undefined) throw new Error(`${kind} ${name} is gone`);
    return last;
  }

  /** Waits until the operator says this phase of the object as it stands now. */
  untilPhase<K extends Kind>(kind: K, name: string, phase: string): Promise<Seen<K>> {
    return this.until(kind, name, phase, (object) => isIn(object, phase));
  }

  /** Waits until a condition has this reason, of the object as it stands now. */
  untilReason<K extends Kind>(kind: K, name: string, type: string, reason: string): Promise<Seen<K>> {
    return this.until(kind, name, `${type} for ${reason}`, (object) => {
      const found = conditionOf(object, type);
      return found?.reason === reason && found.observedGeneration === object.metadata?.generation;
    });
  }

  async untilGone(kind: Kind, name: string): Promise<void> {
    await until(
      `${kind} ${name} is not gone`,
      () => this.get(kind, name),
      (object) => object === undefined,
      patienceMs,
    );
  }

  /** The phases of an object from now on, each time another; `stop` gives them. */
  watchPhases(kind: Kind, name: string): () => Promise<readonly string[]> {
    const seen: string[] = [];
    const ended = new AbortController();
    const look = async (): Promise<void> => {
      const phase = (await this.get(kind, name))?.status?.phase;
      if (typeof phase === "string" && phase !== seen.at(-1)) seen.push(phase);
    };
    const watching = (async () => {
      while (!ended.signal.aborted) {
        await look();
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
      // The last look may have been before what the test has waited for.
      await look();
    })();
    // Whoever asks for the phases is told.
    watching.catch(() => undefined);
    return async () => {
      ended.abort();
      await watching;
      return seen;
    };
  }

  vmName(podName: string): string {
    return vmNameForPod(this.ns, podName);
  }

  /** What the VM of a pod has on its disk, or had when it last ran. */
  contentOf(podName: string): Content | undefined {
    return this.platform.contents.of(this.vmName(podName));
  }

  /** The content of a tag of a pod's VM; undefined where there is no such tag. */
  async tag(podName: string, tag: "hibernate" | "latest"): Promise<Content | undefined> {
    const signal = AbortSignal.timeout(10_000);
    return (await this.platform.snapshots.pull(this.vmName(podName), tag, signal))?.content;
  }

  async untilNoTag(podName: string, tag: "hibernate" | "latest"): Promise<void> {
    await until(
      `${podName}:${tag} is still there`,
      () => this.tag(podName, tag),
      (content) => content === undefined,
      patienceMs,
    );
  }

  /** Where the VM of a pod came up from, each time. */
  startsOf(podName: string): readonly string[] {
    return this.platform.contents.startsOf(this.vmName(podName)).map(({ source }) => source.from);
  }

  /** Faults by pod name. */
  setFaults(rules: FaultRules): void {
    this.platform.setFaults(this.ns, rules);
  }

  /** Somebody asks for something that costs these pods' VMs their state. */
  giveUp(...podNames: readonly string[]): void {
    this.platform.contents.giveUp(...podNames.map((name) => this.vmName(name)));
  }

  /** What the operator writes here from now on. */
  watchWrites(): Promise<() => Promise<readonly Write[]>> {
    return watchWrites(this.platform.plane, "system:serviceaccount:cocoon-system:cocoon-operator", this.ns);
  }

  /** What becomes of the pods here from now on. */
  followPods(): Promise<PodStory> {
    return followPods(this.platform.plane, this.ns);
  }

  /** The events of an object, once one of them has this reason. */
  async eventsOf(name: string, reason: string): Promise<readonly SeenEvent[]> {
    return eventually(
      async () => {
        const { body } = await this.platform.plane.request("GET", `/api/v1/namespaces/${this.ns}/events`);
        const { items } = body as { readonly items: readonly SeenEvent[] };
        return items.filter(({ involvedObject }) => involvedObject.name === name);
      },
      (events) => events.some((event) => event.reason === reason),
    );
  }

  /** Rejects where the state of a VM is gone that nobody gave up. */
  async losesNothing(): Promise<void> {
    expect(await this.platform.contents.losses(this.ns)).toEqual([]);
  }

  /** Lets everything go. */
  async close(): Promise<void> {
    this.setFaults({});
    const { plane } = this.platform;
    for (const kind of ["CocoonSet", "CocoonHibernation"] as const) {
      await plane.request("DELETE", apiPath(kind, this.ns));
    }
    await plane.request("DELETE", `/api/v1/namespaces/${this.ns}`);
    const left = async (): Promise<number> => {
      const lists = await Promise.all(
        (["CocoonSet", "CocoonHibernation"] as const).map((kind) =>
          plane.request("GET", apiPath(kind, this.ns)),
        ),
      );
      return lists.flatMap(({ body }) => (body as { readonly items: readonly object[] }).items).length;
    };
    await until("objects are left", left, (number) => number === 0, patienceMs);
  }

  async #create(kind: Kind, name: string, spec: object): Promise<void> {
    const object = { apiVersion: "cocoonset.cocoonstack.io/v1", kind, metadata: { name }, spec };
    await good(this.platform.plane.request("POST", apiPath(kind, this.ns), object));
  }

  async #patch(kind: Kind, name: string, patch: object): Promise<void> {
    await good(this.platform.plane.request("PATCH", apiPath(kind, this.ns, name), patch, mergePatch));
  }
}

function isIn({ metadata, status }: Seen<Kind>, phase: string): boolean {
  return status?.phase === phase && status.observedGeneration === metadata?.generation;
}

/** A condition of an object. */
export const conditionOf = (
  { status }: Seen<Kind>,
  type: string,
): NonNullable<NonNullable<NonNullable<Seen<Kind>["status"]>["conditions"]>[number]> | undefined =>
  status?.conditions?.find((condition) => condition?.type === type) ?? undefined;
