import { print, StartupError } from "@cocoonstack/program/command-line";
import { check as judge, namespaceFaults } from "../check/index.js";
import type { Fault } from "../manifests/index.js";
import { type Format, render, type Report } from "../report/index.js";
import { hasColours } from "@cocoonstack/program/terminal";
import { Progress } from "./progress.js";
import { Reading } from "./reading.js";
import { sourceName, standardInput } from "./sources.js";

/** The options of `check`, as commander gives them. */
export interface CheckCommandOptions {
  readonly old?: string;
  readonly namespace: string;
  readonly output: Format;
  readonly strict?: true;
}

/**
 * Prints the report, and gives the exit code: 0 clean, 1 findings, 2 where something could not be checked.
 *
 * @throws {StartupError} when it was called wrongly
 */
export async function check(paths: readonly string[], options: CheckCommandOptions): Promise<number> {
  const faultsOfCall = callFaults(paths, options);
  if (faultsOfCall.length > 0) throw new StartupError(faultsOfCall, 2);
  const progress = new Progress(process.stderr);
  const input = new Reading(paths, progress);
  const old = new Reading(options.old === undefined ? [] : [options.old], progress, {
    mayBeEmpty: false,
  });
  const findings = await judge(input.manifests(), { namespace: options.namespace, old: old.manifests() });
  progress.clear();

  const faults = [...input.faults, ...old.faults];
  // Such as standard input from a command that failed: silence would look like a clean bill.
  if (input.objects + input.faults.length === 0) {
    faults.push(
      ...paths.map((path) => ({
        file: sourceName(path),
        message: "holds no object, so nothing was checked",
      })),
    );
  }
  const documents = findings.filter(({ rule }) => rule === "not-an-object").length;
  const report = { findings, faults, objects: input.objects - documents, files: input.files };
  print(render(options.output, report, { colour: hasColours(process.stdout, process.env) }));
  for (const fault of faults) process.stderr.write(`cocoon-webhook: ${sentence(fault)}\n`);
  return exitCode(report, options.strict === true);
}

function callFaults(paths: readonly string[], { namespace, old }: CheckCommandOptions): readonly string[] {
  const [fault] = namespaceFaults(namespace);
  return [
    ...(fault === undefined
      ? []
      : [
          `the --namespace flag must be the name of a namespace; it is ${JSON.stringify(namespace)}: ${fault}`,
        ]),
    ...(old === standardInput && paths.includes(standardInput)
      ? ["standard input can be given once: name a file for --old or for what is to be checked"]
      : []),
  ];
}

function exitCode({ findings, faults }: Report, isStrict: boolean): number {
  if (faults.length > 0) return 2;
  return findings.some(({ severity }) => isStrict || severity === "error") ? 1 : 0;
}

function sentence({ file, line, column, message }: Fault): string {
  return line === undefined ? `${file} ${message}` : `${file}:${line}:${column ?? 1}: ${message}`;
}
