import {
  applyLifecycleStatus,
  isContainerRunning,
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
  /** Which change it is, of all; a VM that goes back to an older state and on from there comes to another one. */
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
  /** Whether it was ready once, so that it may hold what is nowhere else. */
  hasServed: boolean;
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
  /** Whether what failed is tried again. */
  isPatient = false;
  readonly #world: World;
  readonly #before = new Map<string, PodView>();
  #origins = 0;
  #revisions = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** Everything that is running changes; a VM that was saved has stopped. */
  touch(): void {
    for (const vm of this.vms.values())
      if (!vm.isPushed) vm.content = contentOf(vm.content.origin, ++this.#revisions);
  }

  /** The next step for one pod. @returns Whether there was one. */
  step(name: string): boolean {
    const { pods } = this.#world;
    const pod = pods.get(name);
    if (pod === undefined) return false;
    const { vmName } = parseVMSpec(pod);
    const vm = this.vms.get(vmName);
    if (pod.metadata.deletionTimestamp != null) return this.#letGo(pod, vmName, vm);
    if (vm !== undefined && vm.podUID !== pod.metadata.uid) return this.#takeOver(vmName, vm);
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
      this.#world.ledger.leaves(this.#world, pod, vm.content);
    }
    if (isLive) this.#destroy(vmName);
    this.#world.pods.delete(pod.metadata.name);
    this.#before.delete(pod.metadata.name);
    return true;
  }

  /** A host has one VM of a name. */
  #takeOver(vmName: string, { podUID }: VM): boolean {
    const before = [...this.#world.pods.values()].find(({ metadata }) => metadata.uid === podUID);
    if (before !== undefined) this.#world.ledger.takesOver(vmName, before);
    return this.#destroy(vmName);
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
      hasServed: content !== undefined,
    });
    return pod;
  }

  #withVM(pod: PodView, vmName: string, vm: VM): PodView | undefined {
    const { state } = readLifecycleStatus(pod);
    if (state === "failed" && this.isPatient) {
      return written(pod, readHibernateState(pod) ? "hibernating" : "creating", "Running");
    }
    // It runs for a while before it is ready.
    if (state === "creating" && !isContainerRunning(pod)) return running(pod);
    if (state === "creating") {
      vm.hasServed = true;
      return written(pod, "ready", "Running");
    }
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
    this.#world.ledger.sleeps(this.#world, pod, vm.content);
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

  /** Lets what is under way for a pod fail, for good unless the node is patient; a VM that there is lives on. */
  fail(name: string): void {
    const pod = this.#world.pods.get(name);
    if (pod === undefined) return;
    const { vmName } = parseVMSpec(pod);
    const vm = this.vms.get(vmName);
    if (vm === undefined) this.#failToStart(pod, vmName);
    else if (vm.podUID === pod.metadata.uid && !vm.isPushed) this.#failWith(pod);
  }

  #failToStart(pod: PodView, vmName: string): void {
    if (readLifecycleStatus(pod).state !== "creating" || this.#world.ledger.isOwed(vmName)) return;
    this.#world.putPod(written(pod, "failed", "Pending"));
  }

  /** Its set-up, or its saving. */
  #failWith(pod: PodView): void {
    const { state } = readLifecycleStatus(pod);
    const isBooting = state === "creating" && isContainerRunning(pod);
    if (isBooting || state === "hibernating") this.#world.putPod(written(pod, "failed", "Running"));
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
