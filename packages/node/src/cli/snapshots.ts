import { readFile } from "node:fs/promises";
import type { Logger } from "@cocoonstack/common/log";
import { StartupError } from "@cocoonstack/program/command-line";
import { openRegistry, readSettings, type Registry } from "@cocoonstack/registry";
import { MemorySnapshots, RegistrySnapshots, type SnapshotStore } from "../snapshots/index.js";

/** Lets `use` keep snapshots in the registry of the environment, or in this process's memory where that names none. */
export async function withSnapshots(
  env: Readonly<Record<string, string | undefined>>,
  log: Logger,
  use: (snapshots: SnapshotStore) => Promise<void>,
): Promise<void> {
  const { OCI_REGISTRY: oci = "", EPOCH_URL: epoch = "" } = env;
  if (oci === "" && epoch === "") {
    log.warn({}, "OCI_REGISTRY is not set: snapshots are kept in memory, where no operator sees them");
    await use(new MemorySnapshots());
    return;
  }
  const registry = await openedRegistry(env);
  try {
    await use(new RegistrySnapshots(registry));
  } finally {
    await registry.close();
  }
}

async function openedRegistry(env: Readonly<Record<string, string | undefined>>): Promise<Registry> {
  const result = await readSettings(env, (file) => readFile(file, "utf8"));
  if (!result.ok) throw new StartupError(result.faults, 2);
  return openRegistry(result.settings, { userAgent: "cocoon-node" });
}
