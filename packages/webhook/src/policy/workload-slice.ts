import { asObject, type JsonObject } from "./json.js";
import { podSpecIsCocoon } from "./tolerations.js";

/** The slice of a guarded workload that decides. */
export interface WorkloadSlice {
  readonly spec: JsonObject;
  /** Whether its template makes VMs; undefined where it has no template that can be read. */
  readonly isCocoon: boolean | undefined;
  readonly replicas: number;
  /** Ordinal of the first pod: 0 but for a StatefulSet with `spec.ordinals.start`. */
  readonly firstOrdinal: number;
}

/** Undefined where one of the numbers that decide is of another type than a workload's. */
export function readWorkload(workload: unknown): WorkloadSlice | undefined {
  const spec = asObject(asObject(workload)?.["spec"]);
  if (spec === undefined) return undefined;
  // An absent or `null` number of replicas is 1 on a workload (API reference of DeploymentSpec and StatefulSetSpec).
  const replicas = readCount(spec["replicas"], 1);
  const firstOrdinal = readFirstOrdinal(spec);
  if (replicas === undefined || firstOrdinal === undefined) return undefined;
  return { spec, isCocoon: templateIsCocoon(workload), replicas, firstOrdinal };
}

/** Whether the pods of a workload are VMs; undefined where the object is no workload. */
export function templateIsCocoon(workload: unknown): boolean | undefined {
  return podSpecIsCocoon(asObject(templateOf(workload))?.["spec"]);
}

/** The pod template of a workload, which a CronJob keeps one level deeper; undefined where there is none. */
export function templateOf(workload: unknown): unknown {
  const spec = asObject(asObject(workload)?.["spec"]);
  const jobSpec = asObject(asObject(spec?.["jobTemplate"])?.["spec"]);
  return (jobSpec ?? spec)?.["template"];
}

/** A number as an integer, `absent` where there is none, undefined where it is no integer. */
export function readCount(value: unknown, absent: number): number | undefined {
  const count = value ?? absent;
  return typeof count === "number" && Number.isInteger(count) ? count : undefined;
}

function readFirstOrdinal(spec: JsonObject): number | undefined {
  const ordinals = asObject(spec["ordinals"] ?? {});
  return ordinals && readCount(ordinals["start"], 0);
}
