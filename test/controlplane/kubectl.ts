import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

/** How a kubectl call ended. */
export interface KubectlResult {
  /** The exit code. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One call of kubectl. */
export interface KubectlCall {
  /** The executable. */
  readonly kubectl: string;
  readonly args: readonly string[];
  readonly kubeconfig: string;
  /** Where kubectl keeps its caches and looks for its settings, instead of the user's home. */
  readonly home: string;
  /** What kubectl reads from its standard input. */
  readonly stdin?: string;
  /** Further environment variables. */
  readonly env?: NodeJS.ProcessEnv;
}

/** How long a call may take before it is ended. */
const timeoutMs = 120_000;

/**
 * Runs kubectl to its end. An exit code that is not 0 is a result like any other.
 *
 * @throws when kubectl could not be started, or was ended by a signal (also after {@link timeoutMs}).
 */
export async function runKubectl(call: KubectlCall): Promise<KubectlResult> {
  const child = spawn(call.kubectl, call.args, {
    // Undefined takes a variable away: the user's own settings and caches stay out of it.
    env: {
      ...process.env,
      HOME: call.home,
      // Where `kubectl edit` leaves a copy of what was refused.
      TMPDIR: call.home,
      KUBECONFIG: call.kubeconfig,
      KUBECACHEDIR: undefined,
      KUBERC: undefined,
      ...call.env,
    },
    timeout: timeoutMs,
    killSignal: "SIGKILL",
  });
  // A kubectl that ends before it has read everything is an ordinary failure, told by its exit code.
  child.stdin.on("error", () => undefined);
  child.stdin.end(call.stdin);
  const [[code, signal], stdout, stderr] = await Promise.all([
    once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  if (code === null) {
    throw new Error(`kubectl ${call.args.join(" ")} was ended by ${signal ?? "a signal"}: ${stderr.trim()}`);
  }
  return { code, stdout, stderr };
}
