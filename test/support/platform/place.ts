import type { CocoonHibernation, CocoonSet, Decoded } from "@cocoonstack/common/apis/v1";
import { vmNameForPod } from "@cocoonstack/common/meta";
import { expect } from "vitest";
import type { FaultRules } from "../../../packages/node/src/simulated/index.js";
import type { Content } from "../../../packages/node/src/snapshots/index.js";
import { apiPath } from "../api-path.js";
import { watchGets, watchWrites, type Write } from "../audit-log.js";
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

/** Under load, everything here takes a few seconds at most; a registry that has not answered is asked again after thirty. */
const patienceMs = 90_000;
const mergePatch = { contentType: "application/merge-patch+json" };
const operatorName = "system:serviceaccount:cocoon-system:cocoon-operator";
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
  async remove(
    kind: Kind,
    name: string,
    propagationPolicy: "Background" | "Foreground" = "Background",
  ): Promise<void> {
    await good(this.platform.plane.request("DELETE", apiPath(kind, this.ns, name), { propagationPolicy }));
  }

  /** Deletes the namespace with everything in it, and waits until it is gone. */
  async removeNamespace(): Promise<void> {
    const path = `/api/v1/namespaces/${this.ns}`;
    await good(this.platform.plane.request("DELETE", path));
    await until(
      `namespace ${this.ns} is not gone`,
      () => this.platform.plane.request("GET", path),
      ({ status }) => status === 404,
      patienceMs,
    );
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

  /** The phases of an object from now on, each time another; what this gives stops it and gives them. */
  watchPhases(kind: Kind, name: string): () => Promise<readonly string[]> {
    return this.#watch(kind, name, ({ status }) => status?.phase);
  }

  /** The same for the status of a condition. */
  watchCondition(kind: Kind, name: string, type: string): () => Promise<readonly string[]> {
    return this.#watch(kind, name, (object) => conditionOf(object, type)?.status);
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

  /** Gives a content a tag of a pod's VM, as somebody does who is late. */
  async pushTag(podName: string, tag: "hibernate" | "latest", content: Content): Promise<void> {
    const signal = AbortSignal.timeout(10_000);
    await this.platform.snapshots.push({ vmName: this.vmName(podName), image, content }, tag, signal);
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
    return watchWrites(this.platform.plane, operatorName, this.ns);
  }

  /** Which objects the operator looks up here from now on, because no watch tells of them. */
  watchGets(): Promise<() => Promise<readonly string[]>> {
    return watchGets(this.platform.plane, operatorName, this.ns);
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

  #watch(
    kind: Kind,
    name: string,
    read: (object: Seen<Kind>) => string | null | undefined,
  ): () => Promise<readonly string[]> {
    const seen: string[] = [];
    const ended = new AbortController();
    const look = async (): Promise<void> => {
      const object = await this.get(kind, name);
      const now = object && read(object);
      if (typeof now === "string" && now !== seen.at(-1)) seen.push(now);
    };
    const watching = (async () => {
      while (!ended.signal.aborted) {
        await look();
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
      // The last look may have been before what the test has waited for.
      await look();
    })();
    // Whoever asks for what was seen is told.
    watching.catch(() => undefined);
    return async () => {
      ended.abort();
      await watching;
      return seen;
    };
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
