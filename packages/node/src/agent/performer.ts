import { sleep } from "@cocoonstack/common/k8s";
import type { Logger } from "@cocoonstack/common/log";
import {
  lifecycleStatusAnnotations,
  type LifecycleStatus,
  parseVMSpec,
  readCocoonSetGeneration,
  vmAnnotations,
} from "@cocoonstack/common/meta";
import type { Backend } from "../backend/index.js";
import { type Effect, nodeAnnotations, type StepResult, type VMState } from "../vm/index.js";
import type { AnnotationWriter } from "./annotation-writer.js";
import type { Api } from "./api.js";
import type { Interference } from "./interference.js";
import type { Pod } from "./pod.js";
import { evict, patchStatus, putStaleStatus, removeNow, warn } from "./pod-client.js";
import { statusPatch } from "./pod-status.js";

/** What steps are carried out with. */
export interface Tools {
  readonly api: Api;
  readonly backend: Backend;
  readonly interference: Interference;
  readonly log: Logger;
  /** The name of this node. */
  readonly host: string;
}

/** Whom a step is for. */
export interface Subject {
  /** The pod as it is now. */
  readonly pod: Pod;
  /** The pod as it was when the act began. */
  readonly copy: Pod;
  readonly state: VMState;
  readonly annotations: AnnotationWriter;
}

/** A guest that has not been set up by then is given up. */
const setUpTimeoutMs = 180_000;

/** Carries out one step. @throws whatever made it fail; the abort reason of `signal` when that was it. */
export async function perform(
  tools: Tools,
  subject: Subject,
  effect: Effect,
  signal: AbortSignal,
): Promise<StepResult> {
  const { vmName } = parseVMSpec(subject.pod);
  await tools.interference.before(vmName, effect.do, signal);
  signal.throwIfAborted();
  const result = await steps[effect.do]({ tools, subject, vmName, signal }, effect as never);
  tools.interference.after(vmName, effect.do);
  return result ?? {};
}

interface Context {
  readonly tools: Tools;
  readonly subject: Subject;
  readonly vmName: string;
  readonly signal: AbortSignal;
}

type Steps = {
  readonly [Kind in Effect["do"]]: (
    context: Context,
    effect: Extract<Effect, { readonly do: Kind }>,
  ) => Promise<StepResult> | Promise<void>;
};

const steps: Steps = {
  report,
  echo: report,
  start: async ({ tools, vmName, signal }, { source }) => ({
    vm: await tools.backend.start({ name: vmName, source }, signal),
  }),
  "set-up": setUp,
  probe: ({ tools, subject, vmName }) =>
    // A VM that others run is theirs to look after.
    Promise.resolve({ answers: !subject.state.isManaged || tools.backend.answers(vmName) }),
  identify: ({ subject: { pod, state, annotations }, signal }) =>
    annotations.write(
      pod,
      { [vmAnnotations.id]: state.vm?.id ?? null, [vmAnnotations.ip]: emptyIsNull(state.vm?.ip) },
      signal,
    ),
  unidentify: ({ subject: { pod, annotations }, signal }) =>
    annotations.write(pod, { [vmAnnotations.id]: null, [vmAnnotations.ip]: null }, signal),
  show,
  save: ({ tools, vmName, signal }) => tools.backend.save(vmName, signal),
  push: ({ tools, vmName, signal }, { tag }) => tools.backend.push(vmName, tag, signal),
  untag: ({ tools, vmName, signal }, { tag }) => tools.backend.untag(vmName, tag, signal),
  destroy: ({ tools, vmName, signal }, { sleeps }) => tools.backend.destroy(vmName, { sleeps }, signal),
  restart: ({ tools, vmName, signal }) => tools.backend.restart(vmName, signal),
  warn: async ({ tools: { api, host, log }, subject: { pod }, vmName, signal }, { reason, message }) => {
    try {
      await warn(api, pod, { reason, message, host }, signal);
    } catch (err) {
      // Nobody waits for an event.
      log.warn({ vmName, err }, "could not make an event");
    }
  },
  evict: ({ tools, subject, signal }) => evict(tools.api, subject.pod, signal),
  remove: async ({ tools, subject: { pod }, signal }, { atOnce }) => {
    if (!atOnce) await graceOf(pod, signal);
    await removeNow(tools.api, pod, signal);
  },
};

const emptyIsNull = (text = ""): string | null => (text === "" ? null : text);

/** An answer is never to an older generation than the one before it: the pod may be older than what was last written. */
async function report(
  { tools, subject, vmName, signal }: Context,
  { state, message }: { readonly state: string; readonly message: string },
): Promise<StepResult> {
  const { pod, annotations } = subject;
  const generation = Math.max(readCocoonSetGeneration(pod), subject.state.lifecycle.observedGeneration);
  const status: LifecycleStatus = { state, observedGeneration: generation, message };
  const { [vmAnnotations.lifecycleObservedGeneration]: echo, ...rest } = lifecycleStatusAnnotations(status);
  const echoed = { [vmAnnotations.lifecycleObservedGeneration]: echo ?? null, ...rest };
  await annotations.write(pod, tools.interference.echoes(vmName) ? echoed : rest, signal);
  tools.log.info({ vmName, state, generation, message }, "lifecycle");
  return { generation };
}

async function setUp({ tools, subject, vmName, signal }: Context): Promise<void> {
  const { pod, annotations } = subject;
  const say = (state: string): Promise<void> =>
    annotations.write(pod, { [nodeAnnotations.postCloneState]: state }, signal);
  await say("running");
  try {
    await tools.backend.setUp(vmName, AbortSignal.any([signal, AbortSignal.timeout(setUpTimeoutMs)]));
  } catch (cause) {
    signal.throwIfAborted();
    await say("failed");
    const why = cause instanceof DOMException ? `not within ${setUpTimeoutMs / 1_000} s` : String(cause);
    throw new Error(`the guest could not be set up: ${why}`, { cause });
  }
  await say("done");
}

async function show(
  { tools, subject, vmName, signal }: Context,
  { shown }: Extract<Effect, { readonly do: "show" }>,
): Promise<void> {
  const { pod, copy, state, annotations } = subject;
  const isStale = tools.interference.writesStale(vmName);
  const status = statusPatch(isStale ? copy : pod, shown, state.vm);
  if (isStale) await putStaleStatus(tools.api, copy, annotations.wanted, status, signal);
  else await patchStatus(tools.api, pod, status, signal);
}

/** Clocks differ, so the grace period is the longest that is waited for. */
async function graceOf({ metadata }: Pod, signal: AbortSignal): Promise<void> {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = metadata as {
    readonly deletionTimestamp?: string;
    readonly deletionGracePeriodSeconds?: number;
  };
  const leftMs = Date.parse(deletionTimestamp ?? "") - Date.now();
  if (leftMs > 0) await sleep(Math.min(leftMs, deletionGracePeriodSeconds * 1_000), signal);
}
