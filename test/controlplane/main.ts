// `tsx test/controlplane/main.ts build|up`: the control plane from a shell. The README beside this file says what for.
import { setTimeout as sleep } from "node:timers/promises";
import {
  AssetsError,
  BuildError,
  KubernetesVersionError,
  StartError,
  ensureAssets,
  requestedMinor,
  startControlPlane,
  supportedMinors,
  takeKubernetesOption,
  type Assets,
} from "./index.js";

const usage = `usage: tsx test/controlplane/main.ts build|up [--kubernetes VERSION]

  build  find the executables, or build them, and print their folder
  up     start a control plane, print how to reach it, and keep it until Ctrl-C

  --kubernetes  ${supportedMinors}`;

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  // Not once: a terminal and a program in between (npm, tsx) may each pass Ctrl-C on, and the second must not cut the end short.
  process.on(signal, () => {
    interrupted.abort();
  });
}

async function findAssets(asked: string | undefined): Promise<Assets> {
  const kubernetes = requestedMinor(asked, process.env);
  const result = await ensureAssets({ kubernetes, signal: interrupted.signal });
  if (result.available) return result.assets;
  throw new AssetsError(
    `There is no control plane to start: ${result.reason}. To get one, ${result.wayOut}.`,
  );
}

async function up(assets: Assets): Promise<void> {
  const controllers = [
    "deployment-controller",
    "replicaset-controller",
    "statefulset-controller",
    "daemonset-controller",
    "garbage-collector-controller",
    "namespace-controller",
    "serviceaccount-controller",
  ];
  await using plane = await startControlPlane({
    assets,
    // Those of envtest come without a controller manager.
    controllers: assets.kubeControllerManager === undefined ? [] : controllers,
  });
  console.log(`export KUBECONFIG=${plane.kubeconfig("admin")}`);
  console.error(`${plane.url} is up; its folder is ${plane.folder}. Ctrl-C ends it and removes the folder.`);
  // A timer, because signal handlers alone do not keep Node running; it takes none longer than 24 days.
  while (!interrupted.signal.aborted) {
    await sleep(86_400_000, undefined, { signal: interrupted.signal }).catch(() => undefined);
  }
}

async function run(args: readonly string[]): Promise<number> {
  const { asked, rest } = takeKubernetesOption(args);
  const [command, ...more] = rest;
  if ((command !== "build" && command !== "up") || more.length > 0) {
    console.error(usage);
    return 2;
  }
  const assets = await findAssets(asked);
  if (command === "build") console.log(assets.folder);
  else await up(assets);
  return 0;
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof KubernetesVersionError;
  const isKnown =
    isUsage || error instanceof AssetsError || error instanceof BuildError || error instanceof StartError;
  if (!isKnown && !interrupted.signal.aborted) throw error;
  console.error(isKnown ? error.message : "interrupted");
  process.exitCode = isUsage ? 2 : isKnown ? 1 : 130;
}
