import { readFile } from "node:fs/promises";
import type { Logger } from "@cocoonstack/common/log";
import { StartupError } from "@cocoonstack/program/command-line";
import { openRegistry, readSettings } from "@cocoonstack/registry";
import { MemorySnapshots, RegistrySnapshots, type SnapshotStore } from "../snapshots/index.js";

/** Where snapshots are kept, and what ends that. */
export interface OpenSnapshots {
  readonly snapshots: SnapshotStore;
  readonly close: () => Promise<void>;
}

/**
 * Opens the registry of the environment; where that names none, snapshots are kept in this process's memory.
 *
 * @throws {StartupError} when its settings are invalid.
 */
export async function openSnapshots(
  env: Readonly<Record<string, string | undefined>>,
  log: Logger,
): Promise<OpenSnapshots> {
  const { OCI_REGISTRY: oci = "", EPOCH_URL: epoch = "" } = env;
  if (oci === "" && epoch === "") {
    log.warn({}, "OCI_REGISTRY is not set: snapshots are kept in memory, where no operator sees them");
    return { snapshots: new MemorySnapshots(), close: () => Promise.resolve() };
  }
  const result = await readSettings(env, (file) => readFile(file, "utf8"));
  if (!result.ok) throw new StartupError(result.faults, 2);
  const registry = openRegistry(result.settings, { userAgent: "cocoon-node" });
  return { snapshots: new RegistrySnapshots(registry), close: () => registry.close() };
}
