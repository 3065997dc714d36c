import { defaultMinor, releases, type KubernetesMinor } from "./kubernetes.js";

/** The environment variable that says what `--kubernetes` says, for processes that are started by others. */
export const kubernetesVariable = "COCOON_KUBERNETES";

/** A version that cannot be had, or two wishes of which only one can be granted. */
export class KubernetesVersionError extends Error {
  override readonly name = "KubernetesVersionError";
}

const flag = "--kubernetes";

/**
 * Takes `--kubernetes VERSION`, or `--kubernetes=VERSION`, out of a command line.
 *
 * @returns the version as it was typed, and the other arguments in their order. A second `--kubernetes` stays with those, so that it
 * is refused like any other argument that nobody knows.
 */
export function takeKubernetesOption(args: readonly string[]): {
  readonly asked: string | undefined;
  readonly rest: string[];
} {
  const index = args.findIndex((arg) => arg === flag || arg.startsWith(`${flag}=`));
  const found = args[index];
  if (found === undefined) return { asked: undefined, rest: [...args] };
  if (found !== flag) return { asked: found.slice(flag.length + 1), rest: args.toSpliced(index, 1) };
  return { asked: args[index + 1] ?? "", rest: args.toSpliced(index, 2) };
}

/**
 * Which version somebody wants: what was asked for, or what `COCOON_KUBERNETES` says, or undefined if nobody said anything.
 *
 * @throws {KubernetesVersionError} when there is no such version here, or when `KUBEBUILDER_ASSETS` is set as well.
 */
export function requestedMinor(
  asked: string | undefined,
  env: NodeJS.ProcessEnv,
): KubernetesMinor | undefined {
  const fromEnv = env[kubernetesVariable] ?? "";
  if (asked === undefined && fromEnv === "") return undefined;
  const wish = asked ?? fromEnv;
  const source = asked === undefined ? `${kubernetesVariable}=${wish}` : `${flag} ${wish}`;
  if (wish === "") throw new KubernetesVersionError(`${flag} needs a version: ${supportedMinors}`);
  if (!isMinor(wish)) {
    throw new KubernetesVersionError(`${source} is not a version that can be built here: ${supportedMinors}`);
  }
  const assets = env["KUBEBUILDER_ASSETS"] ?? "";
  if (assets !== "") {
    throw new KubernetesVersionError(
      `${source} and KUBEBUILDER_ASSETS=${assets} exclude each other: the executables in that folder have the version that they ` +
        "have. Unset the variable, or do not ask for a version",
    );
  }
  return wish;
}

/** What may be asked for, in words. */
export const supportedMinors = `supported are ${Object.keys(releases)
  .map((minor) => (minor === defaultMinor ? `${minor} (the default)` : minor))
  .join(", ")}`;

const isMinor = (text: string): text is KubernetesMinor => Object.hasOwn(releases, text);
