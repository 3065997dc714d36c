// `npm run demo`: a real API server, the webhook that it asks, and a short story told in the terminal. Stays up until
// Ctrl-C; with --exit it ends by itself. Exit code 0 only if every step came out as told.
import path from "node:path";
import { hasColours, painter } from "../../packages/webhook/src/terminal/index.js";
import {
  ensureAssets,
  startControlPlane,
  type ControlPlane,
  type KubectlResult,
} from "../controlplane/index.js";
import { must, registerWebhook } from "../support/registered-webhook.js";
import { story, type Step } from "./story.js";

const repository = path.resolve(import.meta.dirname, "../..");
const paint = painter(hasColours(process.stdout, process.env));
const say = (text = ""): void => {
  process.stdout.write(`${text}\n`);
};

async function demo(exitAfterStory: boolean): Promise<number> {
  const assets = await ensureAssets().catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    return { available: false, reason, wayOut: "mend that and try again" } as const;
  });
  if (!assets.available) {
    process.stderr.write(`demo: there is no API server to run: ${assets.reason}; ${assets.wayOut}\n`);
    return 1;
  }
  say(paint("dim", "Starting etcd and kube-apiserver…"));
  await using plane = await startControlPlane({ assets: assets.assets, controllers: [] });
  say(paint("dim", "Installing the CRDs, starting the webhook and registering it…"));
  await must(plane.kubectl(["apply", "--server-side", "-k", path.join(repository, "config/crd")]));
  await must(plane.kubectl(["wait", "--for=condition=Established", "crd", "--all"]));
  await using registered = await registerWebhook(plane);

  const failures = await tell(plane);
  if (failures > 0) {
    say(paint("red", `${failures} of ${story.length} steps did not come out as told.`));
  } else {
    say(paint("green", `All ${story.length} steps came out as told.`));
  }
  if (!exitAfterStory) {
    say(`\nThe API server and the webhook (${registered.webhook.url}) stay up. In another terminal:\n`);
    say(`  export KUBECONFIG=${plane.kubeconfig("admin")}`);
    say(`  export PATH=${assets.assets.folder}:$PATH    # for the kubectl of this version`);
    say("  kubectl get pods,deployments,cocoonsets\n");
    say(paint("dim", "Ctrl-C ends both and removes what they made."));
    await interrupted();
  }
  return failures === 0 ? 0 : 1;
}

/** Resolves at Ctrl-C. */
async function interrupted(): Promise<void> {
  // Listeners for signals alone do not keep a process alive.
  const keepAlive = setInterval(() => undefined, 60_000);
  // Not once: npm and tsx each pass a Ctrl-C on, and the second one must not cut the cleaning up short.
  await new Promise((resolve) => process.on("SIGINT", resolve).on("SIGTERM", resolve));
  clearInterval(keepAlive);
}

/** Tells the story; resolves to the number of steps that came out otherwise. */
async function tell(plane: ControlPlane): Promise<number> {
  let failures = 0;
  for (const [index, step] of story.entries()) {
    say(`\n${paint("bold", `${index + 1}. ${step.title}`)}`);
    say(paint("dim", `   $ kubectl ${step.args.join(" ")}`));
    const result = await plane.kubectl(step.args.map(fromRepository));
    const output = (result.stdout + result.stderr).trimEnd();
    say(indent(step.succeeds ? paint("green", output) : paint("red", output)));
    say(`   ${step.why}`);
    if (cameOutAsTold(step, result)) continue;
    failures += 1;
    const expected = step.succeeds ? "go through" : "be refused";
    say(
      paint(
        "red",
        `   NOT AS TOLD: it should ${expected} and show "${step.shows}"; the exit code was ${result.code}.`,
      ),
    );
  }
  say();
  return failures;
}

function cameOutAsTold({ succeeds, shows }: Step, { code, stdout, stderr }: KubectlResult): boolean {
  return (code === 0) === succeeds && (stdout + stderr).includes(shows);
}

/** Commands name the examples as somebody in the repository's folder types them. */
const fromRepository = (arg: string): string =>
  arg.startsWith("examples/") ? path.join(repository, arg) : arg;

const indent = (text: string): string => text.replace(/^/gm, "   ");

const args = process.argv.slice(2);
const unknown = args.filter((arg) => arg !== "--exit");
if (unknown.length > 0) {
  process.stderr.write(
    `demo: unknown argument ${unknown.join(" ")}; there is --exit, to end after the story\n`,
  );
  process.exit(2);
}
process.exitCode = await demo(args.includes("--exit"));
