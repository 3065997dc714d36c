import { Agent, request } from "node:https";
import type { ClusterConnection } from "@cocoonstack/common/k8s";
import { connectTo } from "../../test/support/connect-to.js";
import { prepareWebhook } from "../../test/support/registered-webhook.js";
import type { Running } from "../contenders/contender.js";
import { webhook } from "../contenders/webhook.js";
import { benchNamespace, ordinaryName, startPlane } from "../core/control-plane.js";
import { figure, ratio, spread } from "../core/format.js";
import { type Effort, measureInTurns, type Sample } from "../core/measure.js";
import { ordinaryPod, scaleDown } from "../core/reviews.js";
import type { Bench, Findings, Section } from "../core/section.js";
import { onStage } from "../core/stage.js";
import { pairedRatio, spreadOf } from "../core/statistics.js";

/** Requests to `/scale`, whose answer needs the workload itself from a real API server. */
export const scale: Section = {
  name: "scale",
  title: "Scale requests, with a real API server behind",
  inShort: false,
  run,
};

const parents = 60;
const names = Array.from({ length: parents }, (_, index) => ordinaryName(index));

async function run({ folder, short, patience, progress }: Bench): Promise<Findings> {
  progress("starting an API server");
  await using plane = await startPlane(parents);
  await prepareWebhook(plane);
  const rounds = short ? 3 : 15;
  const kubeconfig = plane.kubeconfig("webhook");
  const results = await onStage(
    folder,
    [webhook],
    async ([running]) => {
      if (running === undefined) throw new Error("a contender is missing");
      progress("scale requests and pods in turns");
      const load = await inTurns(running, { rounds: short ? 2 : 7, turnS: 2, folder, patience });
      progress(`${parents} at once`);
      const connection = await connectTo(plane, "webhook");
      try {
        return { ...load, burst: await bursts(running, connection, rounds) };
      } finally {
        await connection.close();
      }
    },
    kubeconfig,
  );
  return findings(results);
}

interface Results {
  readonly pods: readonly Sample[];
  readonly scales: readonly Sample[];
  readonly burst: Bursts;
}

/** The same process under both loads, one after the other in every round. */
async function inTurns(
  running: Running,
  { rounds, ...rest }: Effort,
): Promise<Pick<Results, "pods" | "scales">> {
  const effort = { ...rest, rounds: 1 };
  const pod = { path: "/mutate", body: ordinaryPod(2700), connections: 8 };
  // Different parents: requests for the same one at the same time share an answer.
  const bodies = names.map((name) => scaleDown(name, benchNamespace)).join("\n");
  const scaling = { path: "/validate", body: bodies, connections: 8 };
  const [pods, scales]: [Sample[], Sample[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    pods.push(...((await measureInTurns([running], pod, effort)).get(running) ?? []));
    scales.push(...((await measureInTurns([running], scaling, effort)).get(running) ?? []));
  }
  return { pods, scales };
}

interface Bursts {
  readonly scalesMs: readonly number[];
  readonly getsMs: readonly number[];
}

/** All parents at once: asked about by `/scale`, and simply read. */
async function bursts(running: Running, connection: ClusterConnection, rounds: number): Promise<Bursts> {
  const agent = new Agent({ keepAlive: true, maxSockets: parents, rejectUnauthorized: false });
  const review = (name: string): Promise<void> =>
    post(`${running.url}/validate`, scaleDown(name, benchNamespace), agent);
  const read = async (name: string): Promise<void> => {
    const { status } = await connection.getJson(
      `/apis/apps/v1/namespaces/${benchNamespace}/deployments/${name}`,
    );
    if (status !== 200) throw new Error(`reading ${name} was answered with ${status}`);
  };
  const result = { scalesMs: [] as number[], getsMs: [] as number[] };
  // The first round opens the connections, and counts for neither.
  for (let round = -1; round < rounds; round++) {
    const getsMs = await together(read);
    const scalesMs = await together(review);
    if (round < 0) continue;
    result.getsMs.push(getsMs);
    result.scalesMs.push(scalesMs);
  }
  agent.destroy();
  return result;
}

async function together(ask: (name: string) => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await Promise.all(names.map(ask));
  return performance.now() - startMs;
}

function post(url: string, body: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { "Content-Type": "application/json" };
    request(url, { method: "POST", agent, headers }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("error", reject);
      response.on("end", () => {
        if (text.includes('"allowed":true')) resolve();
        else reject(new Error(`a scale request was not allowed: ${text}`));
      });
    })
      .on("error", reject)
      .end(body);
  });
}

function findings({ pods, scales, burst }: Results): Findings {
  const cpu = (samples: readonly Sample[]): readonly number[] =>
    samples.map(({ cpuUsPerRequest = Number.NaN }) => cpuUsPerRequest);
  const cpuRatio = pairedRatio(cpu(scales), cpu(pods));
  const burstRatio = pairedRatio(burst.scalesMs, burst.getsMs);
  const row = (name: string, samples: readonly Sample[]): readonly string[] => [
    name,
    spread(spreadOf(samples.map(({ requestsPerSecond }) => requestsPerSecond))),
    spread(spreadOf(cpu(samples))),
    figure(spreadOf(samples.map(({ p50Ms }) => p50Ms)).median),
    figure(spreadOf(samples.map(({ p99Ms }) => p99Ms)).median),
  ];
  return {
    tables: [
      {
        title: `Over 8 connections, ${parents} Deployments in turn`,
        columns: ["request", "requests/s", "CPU µs a request", "p50 ms", "p99 ms"],
        rows: [row("ordinary pod, 2.7 kB", pods), row("/scale", scales)],
      },
      {
        title: `${parents} at once, until the last is answered`,
        columns: ["", "ms", "of the reads"],
        rows: [
          ["reading the Deployments from the API server", spread(spreadOf(burst.getsMs)), "1"],
          ["/scale of each", spread(spreadOf(burst.scalesMs)), ratio(burstRatio)],
        ],
      },
    ],
    targets: [
      { name: "/scale: CPU of an ordinary pod's", measured: cpuRatio.median, wanted: { atMost: 8 } },
      {
        name: `${parents} at once: time of ${parents} reads`,
        measured: burstRatio.median,
        wanted: { atMost: 2 },
      },
    ],
    data: { pods, scales, burst },
  };
}
