import { setTimeout as delay } from "node:timers/promises";
import { WebhookProcess } from "../../support/webhook-process.js";
import type { Fault } from "../faults/index.js";
import type { Hostile, Target } from "../hostile/index.js";
import { Neighbour, p99 } from "./neighbour.js";
import type { FaultRow, HostileRow } from "./tables.js";

/** How long the well-behaved client is watched at a time, and how often: without and with the attack, in turns. */
const longLook = { windowMs: 1_500, turns: 2 };
const shortLook = { windowMs: 300, turns: 1 };

/** About the heap that Node takes in a container with the shipped limit of memory. */
const env = { NODE_OPTIONS: "--max-old-space-size=256" };

/**
 * Attacks a webhook again and again, one attack after the other, beside a well-behaved client, and compares what that sees
 * then with what it sees in between.
 */
export async function watchHostile(hostile: Hostile, isShort: boolean): Promise<HostileRow> {
  const { windowMs, turns } = isShort ? shortLook : longLook;
  await using webhook = await WebhookProcess.start(
    // In the short form, few enough bodies reach the bound.
    ["--standalone", "--body-timeout", "3s", ...(isShort ? ["--max-bodies-bytes", "20000000"] : [])],
    env,
  );
  const target: Target = { port: webhook.port, bodyTimeoutMs: 3_000, isShort };
  await using neighbour = new Neighbour(webhook.port);
  await delay(windowMs);
  const quietMs: number[] = [];
  const besideMs: number[] = [];
  const lost: string[] = [];
  const look = async (into: number[], disturb: () => Promise<unknown>): Promise<void> => {
    await neighbour.take();
    await Promise.all([delay(windowMs), disturb()]);
    const { latenciesMs, faults } = await neighbour.take();
    into.push(...latenciesMs);
    lost.push(...Object.entries(faults).map(([fault, count]) => `${count} ${fault}`));
  };

  let got = "";
  for (let turn = 0; turn < turns; turn++) {
    await look(quietMs, () => Promise.resolve());
    const held = await hostile.hold?.(target);
    const untilMs = performance.now() + windowMs;
    await look(besideMs, async () => {
      // What waits for a minute by itself is done once.
      do got = await hostile.attack({ ...target, isShort: isShort || turn > 0 });
      while (hostile.fits.test(got) && performance.now() < untilMs);
    });
    await held?.[Symbol.asyncDispose]();
    if (!hostile.fits.test(got)) break;
  }
  const isRight = hostile.fits.test(got) && lost.length === 0;
  const { name, expected } = hostile;
  const lostText = lost.length === 0 ? "" : `; the other client: ${lost.join(", ")}`;
  return {
    name,
    expected,
    got: got + lostText,
    isRight,
    quietP99Ms: p99(quietMs),
    besideP99Ms: p99(besideMs),
  };
}

/** Brings a fault about. */
export async function watchFault({ name, stated, fits, bring }: Fault): Promise<FaultRow> {
  try {
    const { got, recoveryMs } = await bring();
    return { name, stated, got, recoveryMs, isRight: fits.test(got) };
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error);
    return { name, stated, got, recoveryMs: undefined, isRight: false };
  }
}
