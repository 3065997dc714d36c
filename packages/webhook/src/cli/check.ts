import { check as judge } from "../check/index.js";
import { type Fault, type Manifest, parseManifests } from "../manifests/index.js";
import { type Format, render, type Report } from "../report/index.js";
import { hasColours } from "../terminal/index.js";
import { print } from "./print.js";
import { readSources, type Source } from "./sources.js";

/** The options of `check`, as commander gives them. */
export interface CheckCommandOptions {
  readonly old?: string;
  readonly namespace: string;
  readonly output: Format;
  readonly strict?: true;
}

/** Prints the report, and gives the exit code: 0 clean, 1 findings, 2 where something could not be checked. */
export async function check(paths: readonly string[], options: CheckCommandOptions): Promise<number> {
  const input = read(await readSources(paths));
  const old = options.old === undefined ? undefined : read(await readSources([options.old]));
  const findings = await judge(input.manifests, {
    namespace: options.namespace,
    ...(old === undefined ? {} : { old: old.manifests }),
  });
  const faults = [...input.faults, ...(old?.faults ?? [])];
  const report = { findings, faults, objects: input.manifests.length, files: input.files };

  print(render(options.output, report, { colour: hasColours(process.stdout, process.env) }));
  for (const fault of faults) process.stderr.write(`cocoon-webhook: ${sentence(fault)}\n`);
  return exitCode(report, options.strict === true);
}

interface Read {
  readonly manifests: readonly Manifest[];
  readonly faults: readonly Fault[];
  readonly files: number;
}

function read(sources: readonly (Source | Fault)[]): Read {
  const texts = sources.filter((source) => "text" in source);
  const parsed = texts.map(({ file, text }) => parseManifests(file, text));
  return {
    manifests: parsed.flatMap(({ manifests }) => manifests),
    faults: [...sources.filter((source) => "message" in source), ...parsed.flatMap(({ faults }) => faults)],
    files: texts.length,
  };
}

function exitCode({ findings, faults }: Report, isStrict: boolean): number {
  if (faults.length > 0) return 2;
  return findings.some(({ severity }) => isStrict || severity === "error") ? 1 : 0;
}

function sentence({ file, line, column, message }: Fault): string {
  return line === undefined ? `${file} ${message}` : `${file}:${line}:${column ?? 1}: ${message}`;
}
