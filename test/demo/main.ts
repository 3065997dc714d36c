// `npm run demo`: a real API server, `cocoon-webhook dev` against it, and a short story told in the terminal. Stays up until
// Ctrl-C; with --exit it ends by itself. Exit code 0 only if every step came out as told.
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hasColours, painter } from "../../packages/program/src/terminal/index.js";
import { ensureAssets, startControlPlane, type ControlPlane } from "../controlplane/index.js";
import { DevProcess } from "../support/dev-process.js";
import { untilEstablished } from "../support/established.js";
import { must } from "../support/registered-webhook.js";
import { story, type Step } from "./story.js";

const repository = path.resolve(import.meta.dirname, "../..");
// Commands name the examples as somebody in the repository's folder types them.
process.chdir(repository);
const paint = painter(hasColours(process.stdout, process.env));
const say = (text = ""): void => {
  process.stdout.write(`${text}\n`);
};

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  // Not once: npm and tsx each pass a Ctrl-C on, and the second one must not cut the cleaning up short.
  process.on(signal, () => {
    interrupted.abort();
  });
}

async function demo(exitAfterStory: boolean): Promise<number> {
  const assets = await ensureAssets({ signal: interrupted.signal }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    return { available: false, reason, wayOut: "mend that and try again" } as const;
  });
  if (!assets.available) {
    process.stderr.write(`demo: there is no API server to run: ${assets.reason}; ${assets.wayOut}\n`);
    return 1;
  }
  say(paint("dim", "Starting etcd and kube-apiserver…"));
  await using plane = await startControlPlane({ assets: assets.assets, controllers: [] });
  say(paint("dim", "Installing the CRDs…"));
  await must(plane.kubectl(["apply", "--server-side", "-k", path.join(repository, "config/crd")]));
  await untilEstablished(plane);
  say(paint("dim", "Running cocoon-webhook dev…"));
  const audience = { live: false };
  await using dev = await DevProcess.start(["--kubeconfig", plane.kubeconfig("admin")], {
    onLine: (line) => {
      if (audience.live) say(line);
    },
  });

  const failures = await tell(plane, dev);
  if (interrupted.signal.aborted) return 130;
  if (failures > 0) {
    say(paint("red", `${failures} of ${story.length} steps did not come out as told.`));
  } else {
    say(paint("green", `All ${story.length} steps came out as told.`));
  }
  if (!exitAfterStory) {
    say("\nThe API server and the webhook stay up. Try things in another terminal:\n");
    say(`  export KUBECONFIG=${plane.kubeconfig("admin")}`);
    say(`  export PATH=${assets.assets.folder}:$PATH    # for the kubectl of this version`);
    say("  kubectl get pods,deployments,cocoonsets\n");
    say("What the webhook decides is shown here. Ctrl-C ends both and removes what they made.\n");
    audience.live = true;
    await untilInterrupted();
  }
  return failures === 0 ? 0 : 1;
}

async function untilInterrupted(): Promise<void> {
  // A timer, because signal handlers alone do not keep Node running; it takes none longer than 24 days.
  while (!interrupted.signal.aborted) {
    await sleep(86_400_000, undefined, { signal: interrupted.signal }).catch(() => undefined);
  }
}

/** Tells the story; resolves to the number of steps that came out otherwise. */
async function tell(plane: ControlPlane, dev: DevProcess): Promise<number> {
  let failures = 0;
  for (const [index, step] of story.entries()) {
    if (interrupted.signal.aborted) break;
    say(`\n${paint("bold", `${index + 1}. ${step.title}`)}`);
    say(paint("dim", `   $ kubectl ${step.args.join(" ")}`));
    const fault = await perform(step, plane, dev);
    say(`   ${step.why}`);
    if (fault === undefined) continue;
    failures += 1;
    say(paint("red", `   NOT AS TOLD: ${fault}.`));
  }
  say();
  return failures;
}

/** Shows what comes of a step; resolves to how it came out otherwise. */
async function perform(step: Step, plane: ControlPlane, dev: DevProcess): Promise<string | undefined> {
  const { code, stdout, stderr } = await plane.kubectl(step.args);
  const output = (stdout + stderr).trimEnd();
  say(indent(paint(step.succeeds ? "green" : "red", output)));
  if ((code === 0) !== step.succeeds || !output.includes(step.shows)) {
    const expected = step.succeeds ? "go through" : "be refused";
    return `it should ${expected} and show "${step.shows}"; the exit code was ${code}`;
  }
  const { decision } = step;
  if (decision === undefined) return undefined;
  const line = await dev.line((one) => one.includes(decision)).catch(() => undefined);
  if (line === undefined) return `the webhook should show "${decision}"`;
  say(paint("dim", `   the webhook: ${withoutWhatWasSaid(line, output)}`));
  return undefined;
}

/** The caller has been told why, so the demo's reader has read it. */
function withoutWhatWasSaid(line: string, output: string): string {
  const [what = "", ...why] = line.split(": ");
  return output.includes(why.join(": ")) ? what : line;
}

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
