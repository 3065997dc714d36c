import { readFile } from "node:fs/promises";
import type { Logger } from "@cocoonstack/common/log";
import { openRegistry, readSettings, type RegistrySettings } from "@cocoonstack/registry";
import { MemorySnapshots, RegistrySnapshots, type SnapshotStore } from "../snapshots/index.js";

/** Where snapshots are kept, and what ends that. */
export interface OpenSnapshots {
  readonly snapshots: SnapshotStore;
  readonly close: () => Promise<void>;
}

/** The registry of the environment, if that names one, or one sentence for each setting of it that is wrong. */
export type Place =
  | { readonly ok: true; readonly registry: RegistrySettings | undefined }
  | { readonly ok: false; readonly faults: readonly string[] };

/** Reads where snapshots are to be kept. */
export async function readPlace(env: Readonly<Record<string, string | undefined>>): Promise<Place> {
  const { OCI_REGISTRY: oci = "", EPOCH_URL: epoch = "" } = env;
  if (oci === "" && epoch === "") return { ok: true, registry: undefined };
  const result = await readSettings(env, (file) => readFile(file, "utf8"));
  return result.ok ? { ok: true, registry: result.settings } : result;
}

/** Opens a registry; where there is none, snapshots are kept in this process's memory. */
export function openSnapshots(settings: RegistrySettings | undefined, log: Logger): OpenSnapshots {
  if (settings === undefined) {
    log.warn({}, "OCI_REGISTRY is not set: snapshots are kept in memory, where no operator sees them");
    return { snapshots: new MemorySnapshots(), close: () => Promise.resolve() };
  }
  const registry = openRegistry(settings, { userAgent: "cocoon-node" });
  return { snapshots: new RegistrySnapshots(registry), close: () => registry.close() };
}
