import { mkdirSync, writeFileSync } from "node:fs";
import { get } from "node:https";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify as yaml } from "yaml";
import { freePorts } from "../../test/controlplane/ports.js";
import { executable } from "../../test/support/build-executable.js";
import { cocoonSet, pod, workload } from "../../test/support/objects.js";
import { StandInApiServer } from "../../test/support/stand-in-api-server.js";
import { figure, ratio } from "../core/format.js";
import type { Bench, Findings, Section } from "../core/section.js";
import { setStage } from "../core/stage.js";
import { type Timed, wallTimes } from "../core/wall-time.js";

/** How long people and clusters wait for a command, against Node itself. */
export const startup: Section = { name: "startup", title: "Start-up and commands", inShort: false, run };

const objects = 1000;

/** A command, and how many times as long as bare Node it may take. */
interface Measured extends Timed {
  readonly atMost?: number;
}

async function run({ folder, short }: Bench): Promise<Findings> {
  await using apiServer = await StandInApiServer.start();
  const commands = await commandsIn(folder, apiServer.kubeconfig);
  const times = await wallTimes(commands, short ? 3 : 15);
  return {
    tables: [
      {
        title: "Wall time on one core",
        columns: ["command", "ms", "of node -e 1"],
        rows: times.map((time) => [time.name, figure(time.ms.median), ratio(time.ratio)]),
      },
    ],
    targets: times.flatMap(({ name, ratio: { median } }, index) => {
      const atMost = commands[index]?.atMost;
      return atMost === undefined
        ? []
        : [{ name: `${name}: time of node -e 1`, measured: median, wanted: { atMost } }];
    }),
    data: times,
  };
}

async function commandsIn(folder: string, apiServer: string): Promise<readonly Measured[]> {
  const kubeconfig = path.join(folder, "kubeconfig");
  writeFileSync(kubeconfig, apiServer);
  const { certFile, keyFile } = await setStage(folder);
  const { port } = await freePorts("port");
  const node = process.execPath;
  const serve = [node, executable, "serve", "--listen-addr", `127.0.0.1:${port}`];
  const until = (): Promise<void> => untilReady(`https://127.0.0.1:${port}/readyz`);
  return [
    { name: "node -e 1", command: [node, "-e", "1"] },
    { name: "cocoon-webhook --help", command: [node, executable, "--help"], atMost: 3 },
    {
      name: "serve in a cluster, until ready",
      command: [
        ...[...serve, "--metrics-addr", "127.0.0.1:0"],
        ...["--kubeconfig", kubeconfig, "--tls-cert", certFile, "--tls-key", keyFile],
      ],
      until,
      atMost: 5,
    },
    {
      name: "serve --standalone, until ready",
      command: [...serve, "--metrics-addr", "127.0.0.1:0", "--standalone"],
      until,
    },
    {
      name: `check of ${objects.toLocaleString("en")} objects`,
      command: [node, executable, "check", manifestsIn(folder)],
      atMost: 20,
    },
  ];
}

/** A folder as people keep them: ten files, each of a hundred objects of several kinds, nothing wrong with any. */
function manifestsIn(folder: string): string {
  const manifests = path.join(folder, "manifests");
  mkdirSync(manifests, { recursive: true });
  const object = (index: number): object => {
    const name = `object-${index}`;
    switch (index % 4) {
      case 0:
        return pod(name, { tolerations: [] });
      case 1:
        return workload("Deployment", name, 3, []);
      case 2:
        return cocoonSet(name);
      default:
        return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { key: "value" } };
    }
  };
  for (let file = 0; file < 10; file++) {
    const documents = Array.from({ length: objects / 10 }, (_, index) => yaml(object(file * 100 + index)));
    writeFileSync(path.join(manifests, `${file}.yaml`), documents.join("---\n"));
  }
  return manifests;
}

async function untilReady(url: string): Promise<void> {
  while (!(await answersWell(url))) await sleep(2);
}

function answersWell(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    get(url, { rejectUnauthorized: false, agent: false }, (response) => {
      response.resume().once("end", () => {
        resolve(response.statusCode === 200);
      });
    }).once("error", () => {
      resolve(false);
    });
  });
}
