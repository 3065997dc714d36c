import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { onCores, serverCore } from "../core/cores.js";
import { figure } from "../core/format.js";
import type { Bench, Findings, Section } from "../core/section.js";

/** The functions that every request passes, one by one. */
export const functions: Section = {
  name: "functions",
  title: "Functions of the hot path",
  inShort: false,
  run,
};

const repository = path.resolve(import.meta.dirname, "../..");

/** What `vitest bench --outputJson` writes, as far as it is read. */
interface Output {
  readonly files: readonly {
    readonly groups: readonly {
      readonly fullName: string;
      readonly benchmarks: readonly { readonly name: string; readonly mean: number; readonly p99: number }[];
    }[];
  }[];
}

function run({ folder, progress }: Bench): Promise<Findings> {
  progress("vitest bench");
  const file = path.join(folder, "functions.json");
  const vitest = [
    path.join(repository, "node_modules/vitest/vitest.mjs"),
    "bench",
    "--run",
    "--project",
    "unit",
  ];
  const [command, ...args] = onCores(serverCore, [process.execPath, ...vitest, "--outputJson", file]);
  execFileSync(command, args, { cwd: repository, stdio: ["ignore", "ignore", "inherit"] });
  const { files } = JSON.parse(readFileSync(file, "utf8")) as Output;
  const rows = files
    .flatMap(({ groups }) => groups)
    .flatMap(({ fullName, benchmarks }) =>
      benchmarks.map(({ name, mean, p99 }) => [
        `${fullName.split(" > ").at(-1) ?? ""}: ${name}`,
        figure(mean * 1000),
        figure(p99 * 1000),
      ]),
    );
  return Promise.resolve({
    tables: [{ title: "Each in a loop", columns: ["function", "mean µs", "p99 µs"], rows }],
    targets: [],
    data: files,
  });
}
