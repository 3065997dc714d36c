import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Content } from "../snapshots/index.js";

/** All that there is of a simulated VM. */
export interface VMRecord {
  readonly name: string;
  /** Of one that sleeps, nothing but its name is true any more. */
  readonly state: "running" | "stopped" | "asleep";
  readonly id: string;
  readonly ip: string;
  readonly image: string;
  readonly content: Content;
}

/** Where VMs are written down, so that they outlive the agent. What is written is there when the call returns. */
export interface Records {
  load(): readonly VMRecord[];
  put(record: VMRecord): void;
  remove(name: string): void;
}

/** VMs that end with the process, as on a host that loses power. */
export const noRecords: Records = {
  load: () => [],
  put: () => undefined,
  remove: () => undefined,
};

/** A file for each VM in a folder, which is made where it is missing. */
export function recordsIn(folder: string): Records {
  const fileOf = (name: string): string => path.join(folder, `${encodeURIComponent(name)}.json`);
  return {
    load: () => {
      mkdirSync(folder, { recursive: true });
      const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
      return files.map((name) => readRecord(path.join(folder, name)));
    },
    put: (record) => {
      const file = fileOf(record.name);
      // Swapped in whole: the agent may die at any moment, which is what it is for.
      writeFileSync(`${file}.new`, JSON.stringify(record));
      renameSync(`${file}.new`, file);
    },
    remove: (name) => {
      rmSync(fileOf(name), { force: true });
    },
  };
}

/** @throws {Error} when the file is not one of ours. */
function readRecord(file: string): VMRecord {
  const record = parse(readFileSync(file, "utf8"));
  if (typeof record?.name === "string" && record.content !== undefined) return record as VMRecord;
  throw new Error(`${file} does not hold a simulated VM: delete it, or choose another --state-dir`);
}

function parse(text: string): Partial<VMRecord> | undefined {
  try {
    return JSON.parse(text) as Partial<VMRecord>;
  } catch {
    return undefined;
  }
}
