import { stringify } from "yaml";
import { webhookConfigurations } from "../../packages/webhook/src/registration/index.js";
import type { ControlPlane } from "../../test/controlplane/index.js";
import { cocoonOwner, pod } from "../../test/support/objects.js";
import { must, prepareWebhook, register, unregister } from "../../test/support/registered-webhook.js";
import { until } from "../../test/support/eventually.js";
import { webhook } from "../contenders/webhook.js";
import { benchNamespace, cocoonName, ordinaryName, startPlane } from "../core/control-plane.js";
import { figure, spread } from "../core/format.js";
import type { Bench, Findings, Section, Table } from "../core/section.js";
import { onStage } from "../core/stage.js";
import { percentile, spreadOf } from "../core/statistics.js";
import { readFileSync } from "node:fs";

/** What people and controllers wait longer for their requests because the webhook is registered. */
export const apiServer: Section = {
  name: "api-server",
  title: "Through the API server",
  inShort: false,
  run,
};

/** How the webhook is registered while something is measured. */
const registrations = ["nothing registered", "registered", "registered without matchConditions"] as const;
type Registration = (typeof registrations)[number];

const atOnce = 60;

/** A request that is measured; a dry run, which is admitted like any other and leaves everything as it was. */
interface Operation {
  readonly name: string;
  readonly send: (plane: ControlPlane) => Promise<{ readonly status: number }>;
}

const create = (object: object) => (plane: ControlPlane) =>
  plane.request("POST", `/api/v1/namespaces/${benchNamespace}/pods?dryRun=All`, object);

const scaleTo = (plane: ControlPlane, name: string, replicas: number): ReturnType<ControlPlane["request"]> =>
  plane.request(
    "PATCH",
    `/apis/apps/v1/namespaces/${benchNamespace}/deployments/${name}/scale?dryRun=All`,
    { spec: { replicas } },
    { contentType: "application/merge-patch+json" },
  );

const operations: readonly Operation[] = [
  { name: "ordinary pod, created", send: create(pod("measured", { tolerations: [] })) },
  {
    name: "cocoon pod, created",
    send: create(
      pod("measured", { ownerReferences: [cocoonOwner("demo", "f60133d1-d469-4067-b352-f1b3f05dd6c9")] }),
    ),
  },
  { name: "ordinary Deployment, scaled down", send: (plane) => scaleTo(plane, ordinaryName(0), 4) },
  { name: "cocoon Deployment, scaled up", send: (plane) => scaleTo(plane, cocoonName(0), 6) },
];

/** Latencies in milliseconds of one round. */
interface Round {
  readonly registration: Registration;
  readonly byOperation: ReadonlyMap<string, readonly number[]>;
  readonly atOnceMs: number;
}

async function run({ folder, short, progress }: Bench): Promise<Findings> {
  progress("starting an API server");
  await using plane = await startPlane(atOnce);
  await prepareWebhook(plane);
  const rounds = await onStage(
    folder,
    [webhook],
    async ([running]) => {
      if (running === undefined) throw new Error("the webhook is missing");
      const taken: Round[] = [];
      for (let round = 0; round < (short ? 2 : 8); round++) {
        for (const registration of registrations) {
          progress(`round ${round + 1}: ${registration}`);
          await switchTo(plane, registration, running.url, `${folder}/tls.crt`);
          taken.push(await measure(plane, registration, short ? 20 : 60));
        }
      }
      return taken;
    },
    plane.kubeconfig("webhook"),
  );
  return {
    tables: [latencies(rounds), bursts(rounds)],
    targets: [
      {
        name: "through the API server: an ordinary pod's p50 of that without registration",
        measured: ratioOfMedians(rounds, "ordinary pod, created"),
        wanted: { atMost: 1.1 },
      },
    ],
    data: rounds.map((round) => ({ ...round, byOperation: Object.fromEntries(round.byOperation) })),
  };
}

/** Registers as asked, and waits until the API server does so. */
async function switchTo(
  plane: ControlPlane,
  registration: Registration,
  url: string,
  certFile: string,
): Promise<void> {
  await unregister(plane);
  if (registration === "nothing registered") return untilUnguarded(plane);
  if (registration === "registered") return register(plane, url, certFile);
  await register(plane, url, certFile);
  const all = webhookConfigurations({
    target: { by: "url", url },
    caBundlePem: readFileSync(certFile, "utf8"),
  }).map((configuration) => ({
    ...configuration,
    webhooks: configuration.webhooks.map((entry) => ({ ...entry, matchConditions: [] })),
  }));
  const stdin = all.map((document) => `---\n${stringify(document)}`).join("");
  await must(plane.kubectl(["replace", "-f", "-"], { stdin }));
  // Effective within a moment, which nothing tells from outside: an allowed request looks the same either way.
  await new Promise((resolve) => setTimeout(resolve, 3000));
}

const untilUnguarded = (plane: ControlPlane): Promise<void> =>
  until(
    "the API server still asks the webhook",
    () => plane.request("POST", `/api/v1/namespaces/${benchNamespace}/pods?dryRun=All`, pod("stray")),
    ({ status }) => status === 201,
    30_000,
  );

async function measure(plane: ControlPlane, registration: Registration, requests: number): Promise<Round> {
  const byOperation = new Map<string, readonly number[]>();
  for (const { name, send } of operations) {
    const durations: number[] = [];
    for (let request = -3; request < requests; request++) {
      const elapsedMs = await timed(name, () => send(plane));
      if (request >= 0) durations.push(elapsedMs);
    }
    byOperation.set(name, durations);
  }
  const startMs = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, (_, index) =>
      timed("scale", () => scaleTo(plane, ordinaryName(index), 4)),
    ),
  );
  return { registration, byOperation, atOnceMs: performance.now() - startMs };
}

async function timed(
  name: string,
  send: () => Promise<{ readonly status: number; readonly body?: unknown }>,
): Promise<number> {
  const startMs = performance.now();
  const { status, body } = await send();
  if (status !== 200 && status !== 201)
    throw new Error(`${name} was answered with ${status}: ${JSON.stringify(body)}`);
  return performance.now() - startMs;
}

const of = (
  rounds: readonly Round[],
  registration: Registration,
  operation: string,
): readonly (readonly number[])[] =>
  rounds
    .filter((round) => round.registration === registration)
    .map(({ byOperation }) => byOperation.get(operation) ?? []);

/** What a registration adds, round by round, because the rounds of one registration stand next to those of the others. */
function added(
  rounds: readonly Round[],
  operation: string,
  { registration, share }: { readonly registration: Registration; readonly share: number },
): string {
  const without = of(rounds, "nothing registered", operation);
  const differences = of(rounds, registration, operation).map(
    (durations, round) => percentile(durations, share) - percentile(without[round] ?? [], share),
  );
  return spread(spreadOf(differences));
}

function ratioOfMedians(rounds: readonly Round[], operation: string): number {
  const without = of(rounds, "nothing registered", operation);
  return spreadOf(
    of(rounds, "registered", operation).map(
      (durations, round) => percentile(durations, 0.5) / percentile(without[round] ?? [], 0.5),
    ),
  ).median;
}

const latencies = (rounds: readonly Round[]): Table => ({
  title:
    "Added by the registration, one request at a time, in ms: median of the rounds' differences (least–most)",
  columns: [
    "request",
    "p50 without it",
    "p50 added",
    "p99 added",
    "p50 added, no matchConditions",
    "p99 added, no matchConditions",
  ],
  rows: operations.map(({ name }) => [
    name,
    figure(
      spreadOf(of(rounds, "nothing registered", name).map((durations) => percentile(durations, 0.5))).median,
    ),
    ...(["registered", "registered without matchConditions"] as const).flatMap((registration) =>
      [0.5, 0.99].map((share) => added(rounds, name, { registration, share })),
    ),
  ]),
});

const bursts = (rounds: readonly Round[]): Table => ({
  title: `${atOnce} scale requests at once, of different ordinary Deployments, until the last is answered`,
  columns: ["registration", "ms"],
  rows: registrations.map((registration) => [
    registration,
    spread(
      spreadOf(rounds.filter((round) => round.registration === registration).map(({ atOnceMs }) => atOnceMs)),
    ),
  ]),
});
