import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { freePorts } from "../../controlplane/ports.js";
import { admissionRequest, reviewOf } from "../../support/admission-request.js";
import { executable } from "../../support/build-executable.js";
import { pod } from "../../support/objects.js";
import { ShiftedClock } from "../../support/shifted-clock.js";
import type { WebhookProcess } from "../../support/webhook-process.js";
import { decisionIn, post, send } from "../core/raw.js";
import type { Fault, Outcome } from "./fault.js";
import { stage, standalone, strayPod, timeUntil } from "./stage.js";

const review = post(reviewOf(admissionRequest("Pod", { object: pod("stray") })));

const dayMs = 24 * 60 * 60_000;

/** What befalls the process itself. */
export const processFaults: readonly Fault[] = [
  {
    name: "the disk full that takes the log",
    stated: "reviews decided as ever, and the process lives",
    fits: /^refused 403, alive$/,
    bring: fullDisk,
  },
  {
    name: "the clock set eleven years ahead, and back again",
    stated: "unready while the certificate is out of date; reviews decided as ever",
    fits: /^ready 503, refused 403$/,
    bring: () => jumpClock(11 * 365 * dayMs),
  },
  {
    name: "the clock set a day back, and ahead again",
    stated: "unready while the certificate is not valid yet; reviews decided as ever",
    fits: /^ready 503, refused 403$/,
    bring: () => jumpClock(-dayMs),
  },
  {
    name: "the event loop blocked for two seconds",
    stated: "answers wait, and all come",
    fits: /^20 of 20 refused 403$/,
    bring: block,
  },
  {
    name: "SIGTERM under load",
    stated: "every review answered, or told to try again; exit code 0",
    fits: /^exit 0, none lost$/,
    bring: () => end("SIGTERM"),
  },
  {
    name: "SIGKILL under load",
    stated: "reviews in flight get no answer, none is allowed; a new process serves",
    fits: /^SIGKILL, none allowed$/,
    bring: () => end("SIGKILL"),
  },
  {
    name: "out of memory under load",
    stated: "the process ends, none is allowed, no secret in what it prints; a new one serves",
    fits: /^SIGABRT, none allowed$/,
    bring: runOutOfMemory,
  },
];

async function fullDisk(): Promise<Outcome> {
  const { admission, metrics } = await freePorts("admission", "metrics");
  const full = openSync("/dev/full", "w");
  const listen = ["--listen-addr", `127.0.0.1:${admission}`, "--metrics-addr", `127.0.0.1:${metrics}`];
  const child: ChildProcess = spawn(
    process.execPath,
    [executable, "serve", "--standalone", "--log-level", "debug", ...listen],
    { stdio: ["ignore", full, full], env: { PATH: process.env["PATH"] } },
  );
  closeSync(full);
  const ended = once(child, "exit");
  const ask = (): Promise<string> => send(admission, review).then(decisionIn, () => "nobody there");
  try {
    await timeUntil("refused 403", ask, 20_000);
    for (let time = 0; time < 200; time++) await ask();
    const alive = child.exitCode === null && child.signalCode === null ? "alive" : "ended";
    return { got: `${await ask()}, ${alive}`, recoveryMs: undefined };
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}

/** Runs `work` with a webhook whose clock it can set, in milliseconds off the true one. */
async function withClock(
  work: (webhook: WebhookProcess, set: (offMs: number) => Promise<void>) => Promise<Outcome>,
): Promise<Outcome> {
  await using clock = await ShiftedClock.create();
  await using on = await stage(clock.env);
  return await work(on.webhook, (offMs) => clock.set(offMs));
}

const readiness = async (webhook: WebhookProcess): Promise<string> =>
  `ready ${(await webhook.call("/readyz", { method: "GET", headers: {} })).status}`;

/** So far that the certificate is not in date. */
const jumpClock = (offMs: number): Promise<Outcome> =>
  withClock(async (webhook, set) => {
    await set(offMs);
    await timeUntil("ready 503", () => readiness(webhook));
    const got = `${await readiness(webhook)}, ${await strayPod(webhook)}`;
    await set(0);
    return { got, recoveryMs: await timeUntil("ready 200", () => readiness(webhook)) };
  });

async function block(): Promise<Outcome> {
  const { webhook } = await standalone();
  try {
    webhook.kill("SIGSTOP");
    const waiting = Array.from({ length: 20 }, () => strayPod(webhook));
    await delay(2_000);
    webhook.kill("SIGCONT");
    const continuedAtMs = performance.now();
    const answers = await Promise.all(waiting);
    const right = answers.filter((answer) => answer === "refused 403").length;
    return { got: `${right} of 20 refused 403`, recoveryMs: performance.now() - continuedAtMs };
  } finally {
    await webhook.stop();
  }
}

/** Asks on connections of their own all the time, until told to stop; notes what came back, by how often. */
class Load {
  readonly answers = new Map<string, number>();
  #isOver = false;
  readonly #asking: Promise<unknown>;

  constructor(webhook: WebhookProcess, atOnce: number) {
    this.#asking = Promise.all(
      Array.from({ length: atOnce }, async () => {
        while (!this.#isOver) {
          const answer = await strayPod(webhook);
          this.answers.set(answer, (this.answers.get(answer) ?? 0) + 1);
          // Nobody listens any more, or says so: API servers go to another replica then.
          if (answer === "ECONNREFUSED" || answer === "HTTP 503") break;
        }
      }),
    );
  }

  async untilAnswered(count: number): Promise<void> {
    await timeUntil("enough", () =>
      Promise.resolve((this.answers.get("refused 403") ?? 0) >= count ? "enough" : "too few"),
    );
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#asking;
  }
}

async function end(signal: "SIGTERM" | "SIGKILL"): Promise<Outcome> {
  const { webhook, again } = await standalone();
  const load = new Load(webhook, 8);
  await load.untilAnswered(100);
  webhook.kill(signal);
  const exit = await webhook.exited();
  await load.stop();
  const { recoveryMs } = await restarted(again);
  const { answers } = load;
  // Cut while it was asked, against told so before it asked.
  const lost = signal === "SIGTERM" ? answers.has("ECONNRESET") : answers.has("allowed");
  const how = exit.signal ?? `exit ${exit.code ?? "?"}`;
  const words = signal === "SIGTERM" ? "lost" : "allowed";
  return {
    got: `${how}, ${lost ? `some ${words}: ${[...answers].join(" ")}` : `none ${words}`}`,
    recoveryMs,
  };
}

async function restarted(again: () => Promise<WebhookProcess>): Promise<{ readonly recoveryMs: number }> {
  const startedAtMs = performance.now();
  const next = await again();
  await timeUntil("refused 403", () => strayPod(next));
  const recoveryMs = performance.now() - startedAtMs;
  await next.stop();
  return { recoveryMs };
}

/** A heap of a few megabytes, and bodies that fit into what the webhook allows, but not into that. */
async function runOutOfMemory(): Promise<Outcome> {
  const { webhook, again } = await standalone({ NODE_OPTIONS: "--max-old-space-size=24" });
  const load = new Load(webhook, 4);
  await load.untilAnswered(20);
  const ones = `[${'{"a":[1]},'.repeat(450_000)}0]`;
  const large = reviewOf(admissionRequest("Pod", { object: { x: "X" } })).replace('"X"', ones);
  while (webhook.isRunning) await webhook.call("/mutate", { body: large }).catch(() => undefined);
  const exit = await webhook.exited();
  await load.stop();
  const { recoveryMs } = await restarted(again);
  const allowed = load.answers.has("allowed") ? "some allowed" : "none allowed";
  return { got: `${exit.signal ?? `exit ${exit.code ?? "?"}`}, ${allowed}`, recoveryMs };
}
