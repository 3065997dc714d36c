import {
  KubernetesVersionError,
  requestedMinor,
  supportedMinors,
  takeKubernetesOption,
  type KubernetesMinor,
} from "../../test/controlplane/index.js";

/** What somebody typed behind `npm test --` or `npm run test:e2e --`: tests to run, or words to print instead. */
export type TestArguments =
  | {
      readonly kind: "run";
      /** Undefined when nobody asks for a version. */
      readonly kubernetes: KubernetesMinor | undefined;
      /** What is left, in its order. */
      readonly rest: readonly string[];
    }
  | { readonly kind: "help" }
  | { readonly kind: "refused"; readonly message: string };

/** What a script takes besides `--kubernetes` and `--help`. */
export interface ReadOptions {
  /** Whether it has no use for other options. */
  readonly filtersOnly: boolean;
}

/** Reads a command line; see `kubernetesHelp` for what it may say. */
export function readTestArguments(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  { filtersOnly }: ReadOptions,
): TestArguments {
  if (args.includes("--help") || args.includes("-h")) return { kind: "help" };
  try {
    const { asked, rest } = takeKubernetesOption(args);
    const kubernetes = requestedMinor(asked, env);
    const unknown = rest.filter((arg) => filtersOnly && arg.startsWith("-"));
    if (unknown.length === 0) return { kind: "run", kubernetes, rest };
    return { kind: "refused", message: `unknown option ${unknown.join(" ")}; --help shows what there is` };
  } catch (error) {
    if (!(error instanceof KubernetesVersionError)) throw error;
    return { kind: "refused", message: error.message };
  }
}

/** Prints why no tests are run, and says with which exit code. */
export function explain(read: Exclude<TestArguments, { readonly kind: "run" }>, usage: string): number {
  if (read.kind === "refused") console.error(read.message);
  else console.log(usage);
  return read.kind === "refused" ? 2 : 0;
}

/** The part of a `--help` that both scripts share. */
export const kubernetesHelp = `  --kubernetes VERSION  the Kubernetes that the end-to-end tests run on: ${supportedMinors}.
                        COCOON_KUBERNETES=VERSION says the same. Neither goes together with KUBEBUILDER_ASSETS,
                        because the executables in that folder have the version that they have.`;
