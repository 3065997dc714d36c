import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { figure, ratio } from "../core/format.js";
import type { Bench, Findings, Section } from "../core/section.js";
import { wallTimes } from "../core/wall-time.js";

/** What a program pays for importing each entry of the library. */
export const imports: Section = { name: "imports", title: "Imports of the library", inShort: false, run };

const repository = path.resolve(import.meta.dirname, "../..");
const library = path.join(repository, "packages/common");

async function run({ short, progress }: Bench): Promise<Findings> {
  progress("building the library");
  execFileSync("npm", ["run", "--silent", "build:common"], { cwd: repository, stdio: "inherit" });
  const { exports } = JSON.parse(readFileSync(path.join(library, "package.json"), "utf8")) as {
    readonly exports: Readonly<Record<string, string>>;
  };
  const entries = Object.entries(exports).filter(([, file]) => file.endsWith(".js"));
  const times = await wallTimes(
    [
      { name: "node -e 1", command: [process.execPath, "-e", "1"] },
      ...entries.map(([entry, file]) => ({
        name: `@cocoonstack/common${entry.slice(1)}`,
        command: [process.execPath, path.join(library, file)],
      })),
    ],
    short ? 3 : 9,
  );
  const bare = times[0]?.ms.median ?? Number.NaN;
  return {
    tables: [
      {
        title: "A program that imports one entry and does nothing",
        columns: ["entry", "ms", "more than Node itself, ms", "of node -e 1"],
        rows: times.map(({ name, ms, ratio: of }) => [
          name,
          figure(ms.median),
          figure(ms.median - bare),
          ratio(of),
        ]),
      },
    ],
    targets: [],
    data: times,
  };
}
