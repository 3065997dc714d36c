import { Buffer } from "node:buffer";
import type { Coverage } from "./coverage.js";
import { minimise } from "./minimise.js";
import { mutate } from "./mutate.js";
import { Random } from "./random.js";
import type { Target } from "./target.js";

/** How a target is fuzzed. */
export interface Campaign {
  readonly target: Target;
  /** To begin with; each is tried as it is, before anything is changed. */
  readonly corpus: readonly Buffer[];
  readonly seed: number;
  /** The campaign ends with the first of these limits that is reached. */
  readonly runs: number;
  readonly seconds: number;
  /** What tells which inputs are worth keeping; without it, changes are blind. */
  readonly coverage: Coverage | undefined;
}

/** An input that breaks a law, and how. */
export interface Finding {
  readonly input: Buffer;
  readonly fault: string;
}

/** What came of a campaign. */
export interface Outcome {
  /** How many inputs were tried. */
  readonly inputs: number;
  readonly seconds: number;
  /** The first input that broke a law, made as small as it goes; nothing is tried after it. */
  readonly finding: Finding | undefined;
  /** The corpus with what was found worth keeping. */
  readonly corpus: readonly Buffer[];
}

/**
 * The law about time: 50 ms of CPU for an input of at most 100 kB. What the collector of garbage does counts too, so twice
 * that is what breaks it, and only where the cheapest of several attempts took so much.
 */
const usualBoundMs = 100;
const attempts = 5;

/** A look at the coverage should cost little beside the inputs that it is about. */
const batchMs = 25;
const mostInBatch = 5_000;

/** Tries inputs until a limit is reached or a law is broken. */
export async function fuzz(campaign: Campaign): Promise<Outcome> {
  const { target, seed, runs, seconds, coverage } = campaign;
  const random = new Random(seed);
  const corpus = [...campaign.corpus, ...target.seeds.map((text) => Buffer.from(text))];
  const material = { dictionary: target.dictionary, isJson: target.isJson === true, corpus };
  const startedAtMs = performance.now();
  const elapsedS = (): number => (performance.now() - startedAtMs) / 1000;
  let inputs = 0;
  const outcome = (finding?: Finding): Outcome => ({ inputs, seconds: elapsedS(), finding, corpus });

  let batch: readonly Buffer[] = corpus.splice(0);
  // Without coverage nothing is found worth keeping, so everything is.
  if (coverage === undefined) corpus.push(...batch);
  for (;;) {
    const batchStartedAtMs = performance.now();
    for (const input of batch) {
      inputs++;
      const fault = await faultOf(target, input);
      if (fault !== undefined) return outcome(await smallest(target, { input, fault }));
    }
    if (coverage !== undefined) corpus.push(...(await newOnes(target, batch, coverage)));
    if (inputs >= runs || elapsedS() >= seconds) return outcome();
    const size = nextSize(batch.length, performance.now() - batchStartedAtMs);
    batch = Array.from({ length: Math.min(size, runs - inputs) }, () => mutate(material, random));
  }
}

const nextSize = (size: number, tookMs: number): number =>
  Math.max(1, Math.min(mostInBatch, 2 * size, Math.round((size * batchMs) / Math.max(tookMs, 0.1))));

/** What is wrong with how the target takes an input; undefined where every law holds. */
export async function faultOf(target: Target, input: Buffer): Promise<string | undefined> {
  const { boundMs = usualBoundMs } = target;
  const startedAtMs = performance.now();
  try {
    const pending = target.attempt(input);
    // Most targets decide at once: a turn of the microtasks for each input would only be waited for.
    if (pending !== undefined) await pending;
    // Time on the clock costs less to ask for, and is never less than that of the CPU, but for what other threads do.
    return performance.now() - startedAtMs > boundMs ? await slowness(target, input, boundMs) : undefined;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}

async function slowness(target: Target, input: Buffer, boundMs: number): Promise<string | undefined> {
  let leastMs = Infinity;
  for (let attempt = 0; attempt < attempts && leastMs > boundMs; attempt++) {
    const before = process.cpuUsage();
    await target.attempt(input);
    const { user, system } = process.cpuUsage(before);
    leastMs = Math.min(leastMs, (user + system) / 1000);
  }
  const told = `${Math.round(leastMs)} ms of CPU for ${input.length} bytes, at best of ${attempts}`;
  return leastMs > boundMs ? `slow: ${told}` : undefined;
}

/** The same fault, whatever it quotes: what stands before the first colon. */
const kindOf = (fault: string): string =>
  fault
    .split(":", 2)
    .join(":")
    .replaceAll(/[0-9]+/g, "N");

async function smallest(target: Target, { input, fault }: Finding): Promise<Finding> {
  const kind = kindOf(fault);
  const isSlow = fault.startsWith("slow");
  // What is slow because it is long gets no slower by being cut.
  if (isSlow) return { input, fault };
  const small = await minimise(input, async (candidate) => {
    const found = await faultOf(target, candidate);
    return found !== undefined && kindOf(found) === kind;
  });
  return { input: small, fault: (await faultOf(target, small)) ?? fault };
}

/** What of a batch that was just tried belongs into the corpus. */
async function newOnes(
  target: Target,
  batch: readonly Buffer[],
  coverage: Coverage,
): Promise<readonly Buffer[]> {
  const look = coverage.look();
  if (!coverage.isNew(look)) return [];
  const found = await worthKeeping(target, batch, coverage);
  // What runs only once in a process, such as a cache that is filled, is nobody's merit.
  coverage.add(look);
  return found;
}

/** The inputs of a batch that ran something for the first time, found by trying halves of it again. */
async function worthKeeping(
  target: Target,
  batch: readonly Buffer[],
  coverage: Coverage,
): Promise<readonly Buffer[]> {
  for (const input of batch) await target.attempt(input);
  const look = coverage.look();
  if (!coverage.isNew(look)) return [];
  const middle = Math.floor(batch.length / 2);
  if (middle === 0) {
    coverage.add(look);
    return batch;
  }
  return [
    ...(await worthKeeping(target, batch.slice(0, middle), coverage)),
    ...(await worthKeeping(target, batch.slice(middle), coverage)),
  ];
}
