import { vmNameForPod } from "@cocoonstack/common/meta";
import type { KubeObject } from "@cocoonstack/machinery/informer";
import { expect } from "vitest";
import type { FaultRules } from "../../../packages/node/src/simulated/index.js";
import type { Content } from "../../../packages/node/src/snapshots/index.js";
import { identities } from "../../controlplane/index.js";
import { apiPath } from "../api-path.js";
import { type Span, watchCreations, watchGets, watchWrites, type Write } from "../audit-log.js";
import { patienceMs, until } from "../eventually.js";
import { type LivePod, PodsIn } from "../node/pods-in.js";
import { namespace } from "../objects.js";
import { good } from "../person.js";
import { CocoonObjects, defaultImage, arrivalMs } from "./cocoon-objects.js";
import type { Platform } from "./platform.js";
import { followPods, type PodStory } from "./pod-story.js";
import { followTold, type Told } from "./told.js";

/** A namespace on a {@link Platform}, for one test. */
export class Place extends CocoonObjects {
  readonly pods: PodsIn;
  readonly platform: Platform;

  private constructor(platform: Platform, ns: string) {
    super(platform.plane, ns, platform.pool);
    this.platform = platform;
    this.pods = new PodsIn(platform.plane, ns);
  }

  static async open(platform: Platform, ns: string): Promise<Place> {
    await good(platform.plane.request("POST", "/api/v1/namespaces", namespace(ns)));
    return new Place(platform, ns);
  }

  /** From now on containers get these amounts that name none. */
  async createLimitRange(limits: object): Promise<void> {
    await good(
      this.plane.request("POST", `/api/v1/namespaces/${this.ns}/limitranges`, {
        apiVersion: "v1",
        kind: "LimitRange",
        metadata: { name: "defaults" },
        spec: { limits: [{ type: "Container", ...limits }] },
      }),
    );
  }

  /** Deletes the namespace with everything in it, and waits until it is gone. */
  async removeNamespace(): Promise<void> {
    const path = `/api/v1/namespaces/${this.ns}`;
    await good(this.plane.request("DELETE", path));
    await until(
      `namespace ${this.ns} is not gone`,
      () => this.plane.request("GET", path),
      ({ status }) => status === 404,
      arrivalMs,
    );
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
    const signal = AbortSignal.timeout(patienceMs);
    return (await this.platform.snapshots.pull(this.vmName(podName), tag, signal))?.content;
  }

  /** Gives a content a tag of a pod's VM, as somebody does who is late. */
  async pushTag(podName: string, tag: "hibernate" | "latest", content: Content): Promise<void> {
    const signal = AbortSignal.timeout(patienceMs);
    await this.platform.snapshots.push(
      { vmName: this.vmName(podName), image: defaultImage, content },
      tag,
      signal,
    );
  }

  async untilNoTag(podName: string, tag: "hibernate" | "latest"): Promise<void> {
    await until(
      `${podName}:${tag} is still there`,
      () => this.tag(podName, tag),
      (content) => content === undefined,
      arrivalMs,
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
    return watchWrites(this.plane, identities.operator.user, this.ns);
  }

  /** Which objects the operator looks up here from now on, because no watch tells of them. */
  watchGets(): Promise<() => Promise<readonly string[]>> {
    return watchGets(this.plane, identities.operator.user, this.ns);
  }

  /** How long each creation of a resource's objects takes that the operator asks for here from now on. */
  watchCreations(resource: string): Promise<() => Promise<readonly Span[]>> {
    return watchCreations(this.plane, identities.operator.user, this.ns, resource);
  }

  /** What is said of a pod from now on. */
  followPod(name: string, read: (pod: LivePod) => string | undefined): Promise<Told> {
    return followTold(this.plane, apiPath("Pod", this.ns), name, (pod) => read(pod as KubeObject & LivePod));
  }

  /** What becomes of the pods here from now on. */
  followPods(): Promise<PodStory> {
    return followPods(this.plane, this.ns);
  }

  /** Rejects where the state of a VM is gone that nobody gave up. */
  async losesNothing(): Promise<void> {
    expect(await this.platform.contents.losses(this.ns)).toEqual([]);
  }

  /** Lets everything go. */
  async close(): Promise<void> {
    this.setFaults({});
    for (const kind of ["CocoonSet", "CocoonHibernation"] as const) {
      await this.plane.request("DELETE", apiPath(kind, this.ns));
    }
    await this.plane.request("DELETE", `/api/v1/namespaces/${this.ns}`);
    const left = async (): Promise<number> => {
      const lists = await Promise.all(
        (["CocoonSet", "CocoonHibernation"] as const).map((kind) =>
          this.plane.request("GET", apiPath(kind, this.ns)),
        ),
      );
      return lists.flatMap(({ body }) => (body as { readonly items: readonly object[] }).items).length;
    };
    await until("objects are left", left, (number) => number === 0, arrivalMs);
  }
}
