import path from "node:path";
import {
  ensureExecutable,
  type ExecutableOptions,
  type ExecutableResult,
  type GoExecutable,
} from "../controlplane/go-executable.js";

const version = "v3.1.2";

const registry: GoExecutable = {
  name: "registry",
  variable: "REGISTRY_EXECUTABLE",
  what: "a registry of CNCF distribution",
  tools: {
    name: `CNCF distribution ${version}`,
    title: `CNCF distribution ${version}, an OCI registry,`,
    duration: "about 3 minutes from nothing",
    version,
    moduleFolder: path.join(import.meta.dirname, "module"),
    linkerFlags: `-s -w -X github.com/distribution/distribution/v3/version.version=${version}`,
  },
};

/**
 * The executable of a real registry.
 *
 * @throws as {@link ensureExecutable} does.
 */
export const ensureRegistry = (options?: ExecutableOptions): Promise<ExecutableResult> =>
  ensureExecutable(registry, options);
