import {
  applyLifecycleStatus,
  parseVMSpec,
  readCocoonSetGeneration,
  readHibernateState,
  readLifecycleStatus,
  shouldSnapshotVM,
  specAnnotations,
  vmAnnotations,
} from "@cocoonstack/common/meta";
import { podAnnotations, type PodView } from "../../../packages/operator/src/model/index.js";
import type { World } from "./world.js";

/** The state of a VM, or a snapshot of it. */
export interface Content {
  /** Which fresh boot it goes back to. */
  readonly origin: number;
  /** How often the VM has changed since. */
  readonly revision: number;
  readonly digest: string;
}

const contentOf = (origin: number, revision: number): Content => ({
  origin,
  revision,
  digest: `sha256:${origin}-${revision}`,
});

/** A VM on the node. */
interface VM {
  readonly podUID: string;
  content: Content;
  /** Whether its snapshot was pushed on its way to sleep. */
  isPushed: boolean;
}

/** Annotations that a status write with an old copy takes back. */
const operators = [
  vmAnnotations.hibernate,
  specAnnotations.generation,
  specAnnotations.snapshotPolicy,
  podAnnotations.heldTemplate,
  podAnnotations.restoreFromHibernate,
];

/** A node agent that takes one small step at a time, so that anything can happen between them. */
export class Node {
  readonly vms = new Map<string, VM>();
  readonly #world: World;
  readonly #before = new Map<string, PodView>();
  #origins = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** Everything that is running changes; a VM that was saved has stopped. */
  touch(): void {
    for (const vm of this.vms.values())
      if (!vm.isPushed) vm.content = contentOf(vm.content.origin, vm.content.revision + 1);
  }

  /** The next step for one pod. @returns Whether there was one. */
  step(name: string): boolean {
    const { pods } = this.#world;
    const pod = pods.get(name);
    if (pod === undefined) return false;
    const { vmName } = parseVMSpec(pod);
    const vm = this.vms.get(vmName);
    if (pod.metadata.deletionTimestamp != null) return this.#letGo(pod, vmName, vm);
    if (vm !== undefined && vm.podUID !== pod.metadata.uid) return this.#destroy(vmName);
    const next = vm === undefined ? this.#withoutVM(pod, vmName) : this.#withVM(pod, vmName, vm);
    if (next === undefined) return this.#echo(pod);
    this.#before.set(name, pod);
    this.#world.putPod(next);
    return true;
  }

  #letGo(pod: PodView, vmName: string, vm: VM | undefined): boolean {
    const isLive = vm?.podUID === pod.metadata.uid;
    if (isLive && parseVMSpec(pod).managed && shouldSnapshotVM(parseVMSpec(pod))) {
      this.#world.tags.set(`${vmName}:latest`, vm.content);
    }
    if (isLive) this.#destroy(vmName);
    this.#world.pods.delete(pod.metadata.name);
    this.#before.delete(pod.metadata.name);
    return true;
  }

  #destroy(vmName: string): boolean {
    this.vms.delete(vmName);
    return true;
  }

  #withoutVM(pod: PodView, vmName: string): PodView | undefined {
    const { state } = readLifecycleStatus(pod);
    if (state === "hibernating") return written(pod, "hibernated", "Pending");
    if (state === "hibernated" && readHibernateState(pod)) return undefined;
    if (state === "failed") return undefined;
    if (state === "hibernated") return written(pod, "creating", "Pending");
    if (state === "") return written(pod, "creating", "Pending");
    return this.#start(pod, vmName);
  }

  /** A VM comes from its snapshot when its pod is marked so, or has slept; else it is new. */
  #start(pod: PodView, vmName: string): PodView {
    const isMarked = pod.metadata.annotations?.[podAnnotations.restoreFromHibernate] === "true";
    const hasSlept = pod.metadata.annotations?.["test/slept"] === "true";
    const snapshot = this.#world.tags.get(`${vmName}:hibernate`);
    if ((isMarked || hasSlept) && snapshot === undefined) return written(pod, "failed", "Pending");
    const content = isMarked || hasSlept ? snapshot : undefined;
    if (content === undefined) this.#world.ledger.boots(vmName);
    this.vms.set(vmName, {
      podUID: pod.metadata.uid,
      content: content ?? contentOf(++this.#origins, 0),
      isPushed: false,
    });
    return pod;
  }

  #withVM(pod: PodView, vmName: string, vm: VM): PodView | undefined {
    const { state } = readLifecycleStatus(pod);
    if (state === "creating") return running(written(pod, "ready", "Running"));
    if (state === "hibernating") return this.#sleep(pod, vmName, vm);
    return readHibernateState(pod) && state === "ready" ? written(pod, "hibernating", "Running") : undefined;
  }

  #sleep(pod: PodView, vmName: string, vm: VM): PodView {
    if (!vm.isPushed) {
      this.#world.ledger.saves(this.#world, vmName, vm.content);
      this.#world.tags.set(`${vmName}:hibernate`, vm.content);
      vm.isPushed = true;
      return pod;
    }
    this.vms.delete(vmName);
    this.#world.ledger.sleeps(this.#world, vmName, vm.content);
    return asleep(pod);
  }

  /** Answers a stamp that was raised. */
  #echo(pod: PodView): boolean {
    const status = readLifecycleStatus(pod);
    const generation = readCocoonSetGeneration(pod);
    if (status.state === "" || status.observedGeneration >= generation) return false;
    this.#world.putPod(
      withAnnotations(pod, applyLifecycleStatus(pod, { ...status, observedGeneration: generation })),
    );
    return true;
  }

  /** Writes a pod's status from a copy that is one write old, which takes the operator's annotations back with it. */
  writeStale(name: string): void {
    const [now, before] = [this.#world.pods.get(name), this.#before.get(name)];
    if (now === undefined || before?.metadata.uid !== now.metadata.uid) return;
    const old = before.metadata.annotations ?? {};
    const kept = Object.entries(now.metadata.annotations ?? {}).filter(
      ([key]) => !operators.some((own) => own === key),
    );
    const taken = operators.flatMap((key) => (old[key] === undefined ? [] : [[key, old[key]] as const]));
    this.#world.putPod(withAnnotations(now, Object.fromEntries([...kept, ...taken])));
  }

  /** Brings a VM down that is not yet up, for good as far as the node goes. */
  fail(name: string): void {
    const pod = this.#world.pods.get(name);
    if (pod === undefined || readLifecycleStatus(pod).state !== "creating") return;
    const { vmName } = parseVMSpec(pod);
    if (this.vms.has(vmName) || this.#world.ledger.isOwed(vmName)) return;
    this.#world.putPod(written(pod, "failed", "Pending"));
  }
}

const withAnnotations = (pod: PodView, annotations: Readonly<Record<string, string>>): PodView => ({
  ...pod,
  metadata: { ...pod.metadata, annotations },
});

function written(pod: PodView, state: string, phase: string): PodView {
  const status = { state, observedGeneration: readCocoonSetGeneration(pod), message: "" };
  const isUp = phase === "Running";
  return {
    ...withAnnotations(pod, applyLifecycleStatus(pod, status)),
    status: isUp ? (pod.status ?? {}) : { phase },
  };
}

const running = (pod: PodView): PodView => ({
  ...withAnnotations(pod, {
    ...pod.metadata.annotations,
    [vmAnnotations.id]: `vm-${pod.metadata.resourceVersion}`,
  }),
  status: {
    phase: "Running",
    conditions: [{ type: "Ready", status: "True" }],
    containerStatuses: [{ state: { running: {} } }],
  },
});

function asleep(pod: PodView): PodView {
  const others = Object.entries(pod.metadata.annotations ?? {}).filter(([key]) => key !== vmAnnotations.id);
  return written(
    withAnnotations(pod, { ...Object.fromEntries(others), "test/slept": "true" }),
    "hibernated",
    "Pending",
  );
}
