import { identities } from "../../test/controlplane/index.js";
import { connectTo } from "../../test/support/connect-to.js";
import { watchRequests } from "../../test/support/audit-log.js";
import type { OperatorContender, RunningOperator } from "../contenders/operator.js";
import { usageOf } from "../core/process-usage.js";
import type { Field } from "./field.js";
import { bareClient, type Maker, subAgents, throughOperator } from "./makers.js";
import { passesIn } from "./passes.js";
import { cpuPercentOver } from "./rest.js";
import { type RequestCounts, requestCountsOf } from "./request-counts.js";

/** How much one turn measures. */
export interface Effort {
  /** Sets that are brought up at the same time. */
  readonly sets: number;
  /** Sets that are made one after the other, to see how soon each has its pod. */
  readonly singles: number;
  /** How long it is looked at with nothing to do, in seconds. */
  readonly restS: number;
}

/** What anybody does in a turn. */
export interface Pace {
  readonly mainsPerSecond: number;
  readonly subAgentsPerSecond: number;
  /** From the request for a set, or for the pod itself, until its pod is seen; of each. */
  readonly toPodMs: readonly number[];
}

/** What an operator does in a turn. */
export interface OperatorTurn extends Pace {
  readonly cpuMsPerSet: number;
  readonly requests: RequestCounts;
  readonly passesPerSet: number;
  readonly msPerPass: number;
  /** From the request for a set until all is said of it; of each. */
  readonly toRunningMs: readonly number[];
  readonly rssMb: number;
  readonly restCpuPercent: number;
}

/** The account that the audit log knows operators by. */
const { user } = identities.operator;

const warmUpSets = 20;

/** No two turns have sets of the same name. */
let turns = 0;

const named = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

/** One turn of an operator: it starts, gets warm, brings sets up at once and one by one, rests, and ends. */
export async function operatorTurn(
  field: Field,
  contender: OperatorContender,
  effort: Effort,
): Promise<OperatorTurn> {
  const turn = `t${++turns}`;
  const maker = throughOperator(field);
  try {
    await using running = await contender.start(field.stage);
    // The first passes compile the code, and tell that it works.
    await bringUp(field, maker, named(`${turn}-warm`, warmUpSets));
    const crowd = await watchedCrowd(field, running, maker, named(`${turn}-set`, effort.sets));
    const singles = named(`${turn}-single`, effort.singles);
    const toRunningMs: number[] = [];
    const toPodMs = await oneByOne(field, maker, singles, async (name, startMs) => {
      toRunningMs.push((await field.reached.until([`${name} runs 1`])) - startMs);
    });
    const rssMb = usageOf(running.pid).rssMb;
    return {
      ...crowd,
      toPodMs,
      toRunningMs,
      rssMb,
      restCpuPercent: await cpuPercentOver(running.pid, effort.restS),
    };
  } finally {
    await field.clear();
  }
}

/** One turn of a client that creates the pods itself. */
export async function bareTurn(field: Field, effort: Effort): Promise<Pace> {
  const turn = `t${++turns}`;
  const connection = await connectTo(field.plane, "operator", { connections: 24 });
  try {
    const maker = bareClient(connection);
    await bringUp(field, maker, named(`${turn}-warm`, warmUpSets));
    const pace = await bringUp(field, maker, named(`${turn}-set`, effort.sets));
    return { ...pace, toPodMs: await oneByOne(field, maker, named(`${turn}-single`, effort.singles)) };
  } finally {
    await connection.close();
    await field.clear();
  }
}

/** Brings sets up: their main agents, and when all is said of those, their sub-agents. */
async function bringUp(
  { reached }: Field,
  maker: Maker,
  names: readonly string[],
): Promise<Omit<Pace, "toPodMs">> {
  const mains = names.map((name) => `ready ${name}-0`);
  const subs = names.flatMap((name) => named(`ready ${name}`, 1 + subAgents).slice(1));
  const perSecond = async (
    begin: (names: readonly string[]) => Promise<void>,
    pods: readonly string[],
    agents: number,
  ): Promise<number> => {
    const startMs = performance.now();
    await begin(names);
    const endMs = await reached.until(pods);
    await maker.settle(names, agents);
    return (pods.length * 1_000) / (endMs - startMs);
  };
  return {
    mainsPerSecond: await perSecond((sets) => maker.open(sets), mains, 1),
    subAgentsPerSecond: await perSecond((sets) => maker.grow(sets), subs, 1 + subAgents),
  };
}

/** The same, with what it takes. */
async function watchedCrowd(
  field: Field,
  running: RunningOperator,
  maker: Maker,
  names: readonly string[],
): Promise<Omit<OperatorTurn, "toPodMs" | "toRunningMs" | "rssMb" | "restCpuPercent">> {
  const [before, passesBefore] = [usageOf(running.pid), passesIn(await running.metrics())];
  const requests = await watchRequests(field.plane, user);
  const pace = await bringUp(field, maker, names);
  const [after, passesAfter] = [usageOf(running.pid), passesIn(await running.metrics())];
  const passes = passesAfter.count - passesBefore.count;
  return {
    ...pace,
    cpuMsPerSet: (after.cpuUs - before.cpuUs) / 1_000 / names.length,
    requests: requestCountsOf(await requests()),
    passesPerSet: passes / names.length,
    msPerPass: ((passesAfter.seconds - passesBefore.seconds) * 1_000) / passes,
  };
}

/** Has sets made one after the other. Gives how soon each had its pod. */
async function oneByOne(
  { reached }: Field,
  maker: Maker,
  names: readonly string[],
  then: (name: string, startMs: number) => Promise<void> = () => Promise.resolve(),
): Promise<readonly number[]> {
  const toPodMs: number[] = [];
  for (const name of names) {
    const startMs = performance.now();
    await maker.open([name]);
    toPodMs.push((await reached.until([`pod ${name}-0`])) - startMs);
    await reached.until([`ready ${name}-0`]);
    await then(name, startMs);
  }
  return toPodMs;
}
