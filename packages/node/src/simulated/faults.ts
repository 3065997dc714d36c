import { type EffectKind, effectKinds } from "../vm/index.js";

/**
 * What is to go wrong with a VM, or to take long. Everything is off unless it is named.
 *
 * @example
 * ```ts
 * const faults: Faults = { delayMs: { save: 4_000 }, crashAfter: ["push"] };
 * ```
 */
export interface Faults {
  /** How long each step of a kind takes, in milliseconds. */
  readonly delayMs?: Readonly<Partial<Record<EffectKind, number>>>;
  /** Steps that fail. */
  readonly fail?: readonly EffectKind[];
  /** Steps that do not come to their end while this stands. */
  readonly hang?: readonly EffectKind[];
  /** Steps before which, or after which, the agent dies: the host has seen the step, and nothing comes after it. */
  readonly crashBefore?: readonly EffectKind[];
  readonly crashAfter?: readonly EffectKind[];
  /** The guest never answers, and cannot be set up. */
  readonly neverReady?: boolean;
  /** Lifecycle states come without the generation that they answer, as from older agents. */
  readonly noEcho?: boolean;
  /** Lifecycle writes do not reach the API server while this stands. */
  readonly loseReports?: boolean;
  /** The VM's id, or its address, is known only so long after its start, in milliseconds. */
  readonly idLateMs?: number;
  readonly ipLateMs?: number;
  /** Snapshots are not found. */
  readonly noTag?: boolean;
  /** The VM is gone from the host as soon as it runs; or it stops. */
  readonly vanish?: boolean;
  readonly stop?: boolean;
  /** Status is written as the virtual kubelet does: the whole pod as it was when the act began, over whatever is there. */
  readonly staleWrites?: boolean;
}

/** Faults by VM name; `*` stands for any part of one. Of two that fit, the later one counts. */
export type FaultRules = Readonly<Record<string, Faults>>;

/** Rules that were read, or what is wrong with them. */
export type ParsedFaults =
  | { readonly ok: true; readonly rules: FaultRules }
  | { readonly ok: false; readonly faults: readonly string[] };

type Check = (value: unknown) => string | undefined;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isKind = (value: unknown): boolean => effectKinds.some((kind) => kind === value);
const aKind = `one of ${effectKinds.join(", ")}`;

const flag: Check = (value) => (typeof value === "boolean" ? undefined : "must be true or false");
const isTime = (value: unknown): boolean => typeof value === "number" && value >= 0 && value <= 86_400_000;
const time: Check = (value) => (isTime(value) ? undefined : "must be milliseconds, at most a day");
const kinds: Check = (value) =>
  Array.isArray(value) && value.every(isKind) ? undefined : `must be a list of steps, each ${aKind}`;
const delays: Check = (value) => {
  const isGood = isRecord(value) && Object.keys(value).every(isKind) && Object.values(value).every(isTime);
  return isGood ? undefined : `must give milliseconds by step, each ${aKind}`;
};

const checks: Readonly<Record<keyof Faults, Check>> = {
  delayMs: delays,
  fail: kinds,
  hang: kinds,
  crashBefore: kinds,
  crashAfter: kinds,
  neverReady: flag,
  noEcho: flag,
  loseReports: flag,
  idLateMs: time,
  ipLateMs: time,
  noTag: flag,
  vanish: flag,
  stop: flag,
  staleWrites: flag,
};

/** Reads rules from JSON, such as `{"vk-shop-*": {"hang": ["push"]}}`. An empty text holds none. */
export function parseFaults(text: string): ParsedFaults {
  if (text.trim() === "") return { ok: true, rules: {} };
  let rules: unknown;
  try {
    rules = JSON.parse(text);
  } catch (error) {
    return {
      ok: false,
      faults: [`faults must be JSON: ${error instanceof Error ? error.message : String(error)}`],
    };
  }
  if (!isRecord(rules))
    return { ok: false, faults: ['faults must be an object, such as {"*": {"hang": ["push"]}}'] };
  const faults = Object.entries(rules).flatMap(([name, rule]) => faultsOf(name, rule));
  return faults.length > 0 ? { ok: false, faults } : { ok: true, rules: rules as FaultRules };
}

function faultsOf(name: string, rule: unknown): readonly string[] {
  if (!isRecord(rule)) return [`the faults of ${name} must be an object`];
  return Object.entries(rule).flatMap(([field, value]) => {
    const check = Object.hasOwn(checks, field) ? checks[field as keyof Faults] : undefined;
    const fault =
      check === undefined ? `is unknown; there are ${Object.keys(checks).join(", ")}` : check(value);
    return fault === undefined ? [] : [`${field} of ${name} ${fault}`];
  });
}

/** What the rules say of one VM: of each field the last that fits, and of delays the last for each step. */
export function faultsFor(rules: readonly FaultRules[], vmName: string): Faults {
  const fitting = rules
    .flatMap((each) => Object.entries(each))
    .filter(([pattern]) => fits(pattern, vmName))
    .map(([, faults]) => faults);
  const delayMs = Object.fromEntries(fitting.flatMap((faults) => Object.entries(faults.delayMs ?? {})));
  return { ...(Object.assign({}, ...fitting) as Faults), delayMs };
}

function fits(pattern: string, vmName: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(vmName);
}
