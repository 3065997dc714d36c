import path from "node:path";
import { ensureExecutable, type ExecutableResult, type GoExecutable } from "../controlplane/go-executable.js";

const version = "v3.20.2";

/** Its module pins the same Kubernetes libraries as the control plane's, so that Go compiles these once. */
const helm: GoExecutable = {
  name: "helm",
  variable: "HELM",
  what: "a helm of version 3",
  tools: {
    name: `helm ${version}`,
    title: `helm ${version}`,
    duration: "about a minute after the control plane, several before it",
    version,
    moduleFolder: path.join(import.meta.dirname, "module"),
    linkerFlags: "-s -w",
  },
};

/**
 * The executable of helm.
 *
 * @throws as {@link ensureExecutable} does.
 */
export const ensureHelm = (): Promise<ExecutableResult> => ensureExecutable(helm);
