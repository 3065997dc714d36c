// `npm run test:e2e`: the end-to-end tests, on the Kubernetes that `--kubernetes` names. Every other argument is Vitest's.
import { kubernetesVariable } from "../test/controlplane/index.js";
import { explain, kubernetesHelp, readTestArguments } from "./test/arguments.js";

const usage = `usage: npm run test:e2e [-- [--kubernetes VERSION] [FILTER...] [OPTION OF VITEST...]]

${kubernetesHelp}
  FILTER                runs only the files whose path holds it, such as: pods
  OPTION OF VITEST      such as -t NAME, for tests by their name; npx vitest run --help shows them all`;

const read = readTestArguments(process.argv.slice(2), process.env, { filtersOnly: false });
if (read.kind !== "run") process.exit(explain(read, usage));
// By the environment, because not only Vitest's global setup starts a control plane: tests do, and the demo that one of them runs.
if (read.kubernetes !== undefined) process.env[kubernetesVariable] = read.kubernetes;

// Vitest's own command line, in this process: its options, what it does at Ctrl-C and its exit code stay as they are.
process.argv.splice(2, Infinity, "run", "--project", "e2e", ...read.rest);
await import(new URL("vitest.mjs", import.meta.resolve("vitest/package.json")).href);
