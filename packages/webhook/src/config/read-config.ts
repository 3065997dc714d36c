import {
  type Environment,
  type FlagsOf,
  readSettings,
  type SettingsResult,
} from "@cocoonstack/program/settings";
import { type Config, options } from "./options.js";

/** Flags as they were given, by the name of the setting. */
export type Flags = FlagsOf<typeof options>;

/** All settings, or one sentence for each that is wrong. */
export type ConfigResult = SettingsResult<typeof options>;

/**
 * Reads every setting of the webhook, and reports all faults at once.
 *
 * @param fallbacks what settings are, instead of their own fallbacks, where neither flag nor variable says
 */
export function readConfig(flags: Flags, env: Environment, fallbacks: Flags = {}): ConfigResult {
  const result = readSettings(options, flags, env, fallbacks);
  const conflicts = result.ok ? conflictsIn(result.config) : [];
  return conflicts.length === 0 ? result : { ok: false, faults: conflicts };
}

/** Settings that are right one by one, and not together. */
function conflictsIn({ tlsLifetimeMs, tlsCaLifetimeMs, clientCa, clientNames }: Config): readonly string[] {
  const conflicts: string[] = [];
  // An authority outlives the leaves that it signs, with time for the next one to take over.
  if (tlsCaLifetimeMs < 3 * tlsLifetimeMs) {
    conflicts.push(
      `${options.tlsCaLifetimeMs.env} must be at least three times ${options.tlsLifetimeMs.env}`,
    );
  }
  // Whoever names the clients believes that the others are kept out.
  if (clientNames !== undefined && clientCa === undefined) {
    conflicts.push(
      `${options.clientNames.env} needs ${options.clientCa.env}: names are those of verified certificates`,
    );
  }
  return conflicts;
}
