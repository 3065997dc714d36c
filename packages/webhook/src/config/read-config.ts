import type { Option } from "./option.js";
import { type Config, type OptionName, options } from "./options.js";

/** The environment, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Flags as they were given, by the name of the setting. */
export type Flags = Readonly<Partial<Record<OptionName, string | undefined>>>;

/** All settings, or one sentence for each that is wrong. */
export type ConfigResult =
  { readonly ok: true; readonly config: Config } | { readonly ok: false; readonly faults: readonly string[] };

/**
 * Reads every setting from its flag, else from its environment variable, else its fallback, and reports all faults at
 * once: nobody should have to start the program five times to learn of five mistakes.
 *
 * @param fallbacks what settings are, instead of their own fallbacks, where neither flag nor variable says
 */
export function readConfig(flags: Flags, env: Environment, fallbacks: Flags = {}): ConfigResult {
  const faults: string[] = [];
  const read = <T>(name: OptionName, option: Option<T>): T | undefined => {
    const flag = flags[name];
    const variable = env[option.env];
    const fromEnv = variable === "" && option.emptyIsValue !== true ? undefined : variable;
    const result = option.parse(flag ?? fromEnv ?? fallbacks[name] ?? option.fallback);
    if (result.ok) return result.value;
    const source = flag === undefined ? option.env : `the ${flagName(option)} flag`;
    faults.push(`${source} must ${result.must}; it is ${quote(flag ?? fromEnv ?? "")}`);
    return undefined;
  };
  const entries = Object.entries(options).map(([name, option]) => [
    name,
    read(name as OptionName, option as Option<unknown>),
  ]);
  if (faults.length > 0) return { ok: false, faults };
  // Each entry was made by the parser of its own name, and without faults every parser gave a value.
  const config = Object.fromEntries(entries) as Config;
  const conflicts = conflictsIn(config);
  return conflicts.length === 0 ? { ok: true, config } : { ok: false, faults: conflicts };
}

/** Settings that are right one by one, and not together. */
function conflictsIn({ tlsLifetimeMs, tlsCaLifetimeMs }: Config): readonly string[] {
  // An authority outlives the leaves that it signs, with time for the next one to take over.
  return tlsCaLifetimeMs < 3 * tlsLifetimeMs
    ? [`${options.tlsCaLifetimeMs.env} must be at least three times ${options.tlsLifetimeMs.env}`]
    : [];
}

/** `--log-level <level>` → `--log-level`. */
export const flagName = (option: Pick<Option<unknown>, "flag">): string =>
  option.flag.slice(0, option.flag.indexOf(" "));

const quote = (value: string): string => JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
