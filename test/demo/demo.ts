import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Assets, type ControlPlane, ensureAssets, startControlPlane } from "../controlplane/index.js";
import { ensureRegistry } from "../registry/ensure-registry.js";
import { DevProcess } from "../support/dev-process.js";
import { untilEstablished } from "../support/established.js";
import { must } from "../support/registered-webhook.js";
import { Narrator, type Voice } from "./narrator.js";
import { webhookStory } from "./story.js";
import { VMStage } from "./vm-stage.js";
import { vmStory } from "./vm-story.js";

/** How the demo is called. */
export interface DemoOptions extends Voice {
  /** Of the repository: commands name the examples as somebody types them there. */
  readonly repository: string;
  /** Whether it ends after the story, instead of staying up until somebody interrupts it. */
  readonly exits: boolean;
  /** Tells people what is wrong. */
  readonly complain: (text: string) => void;
}

/**
 * A real API server with `cocoon-webhook dev` and, where there is a registry for their snapshots, VMs; and two stories told about
 * them. Nothing of it is left when it has ended.
 *
 * @returns 0 if every step came out as told, 1 if one did not, or there is no API server to run, 130 if it was broken off.
 */
export async function demo(options: DemoOptions): Promise<0 | 1 | 130> {
  const { say, paint, signal, complain } = options;
  signal.addEventListener("abort", () => {
    say(paint("dim", "\nEnding everything that was started…"));
  });
  const code = await play(options).catch((error: unknown) => {
    // What was under way was cut off with everything else.
    if (signal.aborted) return 130;
    complain(`demo: ${messageOf(error)}`);
    return 1;
  });
  if (signal.aborted) say(paint("dim", "It has ended, and its files are removed."));
  return code;
}

async function play(options: DemoOptions): Promise<0 | 1> {
  const { say, paint, signal, exits, complain } = options;
  const found = await ensureAssets({ signal });
  if (!found.available) {
    complain(`demo: there is no API server to run: ${found.reason}; ${found.wayOut}`);
    return 1;
  }
  const whyNoVMs = await whyNoRegistry(signal);
  signal.throwIfAborted();
  say(paint("dim", "Starting etcd and kube-apiserver…"));
  await using plane = await startControlPlane({ assets: found.assets, controllers: [] });
  signal.throwIfAborted();
  say(paint("dim", "Installing the CRDs…"));
  await must(plane.kubectl(["apply", "--server-side", "-k", path.join(options.repository, "config/crd")]));
  await untilEstablished(plane);
  say(paint("dim", "Running cocoon-webhook dev…"));
  const audience = { live: false };
  await using dev = await DevProcess.start(["--kubeconfig", plane.kubeconfig("admin")], {
    onLine: (line) => {
      if (audience.live && !signal.aborted) say(line);
    },
  });

  const narrator = new Narrator(options);
  await narrator.tell(webhookStory, { plane, dev });
  await using stage = await vmStage(options, plane, whyNoVMs);
  if (stage !== undefined) await narrator.tell(vmStory, { plane, dev, stage });
  signal.throwIfAborted();
  narrator.conclude();
  if (!exits) {
    say(invitation(plane, found.assets, stage));
    audience.live = true;
    await untilAborted(signal);
  }
  return narrator.failures === 0 ? 0 : 1;
}

/** Why there can be no VMs, or undefined where there can. Everything else goes without a registry. */
async function whyNoRegistry(signal: AbortSignal): Promise<string | undefined> {
  try {
    const registry = await ensureRegistry({ signal });
    return registry.available ? undefined : `${registry.reason}; ${registry.wayOut}`;
  } catch (error) {
    signal.throwIfAborted();
    return messageOf(error);
  }
}

/** Undefined where there can be no VMs, which is said. */
async function vmStage(
  { say, paint, signal }: DemoOptions,
  plane: ControlPlane,
  whyNoVMs: string | undefined,
): Promise<VMStage | undefined> {
  signal.throwIfAborted();
  if (whyNoVMs !== undefined) {
    say(paint("yellow", `\nThe story of VMs is left out, because it needs a registry: ${whyNoVMs}.`));
    return undefined;
  }
  say(paint("dim", "\nStarting a registry, a node that simulates VMs, and cocoon-operator…"));
  return VMStage.start(plane);
}

function invitation(plane: ControlPlane, assets: Assets, stage: VMStage | undefined): string {
  const exports = [
    `export KUBECONFIG=${plane.kubeconfig("admin")}`,
    `export PATH=${assets.folder}:$PATH    # for the kubectl of this version`,
  ];
  const [what, commands] =
    stage === undefined
      ? ["The API server and the webhook", [...exports, "kubectl get pods,deployments,cocoonsets"]]
      : [
          "The API server, the webhook, the operator, the registry and the node",
          [...exports, `export REGISTRY=${stage.registryUrl}`, "kubectl get cocoonsets,ch,pods"],
        ];
  return `
${what} stay up. Try things in another terminal:

${commands.map((command) => `  ${command}`).join("\n")}

What the webhook decides is shown here. Ctrl-C ends everything, and removes what it made.
`;
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  // A timer, because signal handlers alone do not keep Node running; it takes none longer than 24 days.
  while (!signal.aborted) {
    await sleep(86_400_000, undefined, { signal }).catch(() => undefined);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
