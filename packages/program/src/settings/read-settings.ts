import type { Option, OptionTable } from "./option.js";

/** The environment, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Flags as they were given, by the name of the setting. */
export type FlagsOf<Table extends OptionTable> = Readonly<Partial<Record<keyof Table, string | undefined>>>;

/** The settings of a table, read and checked. */
export type SettingsOf<Table extends OptionTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Option<infer T> ? T : never;
};

/** All settings, or one sentence for each that is wrong. */
export type SettingsResult<Table extends OptionTable> =
  | { readonly ok: true; readonly config: SettingsOf<Table> }
  | { readonly ok: false; readonly faults: readonly string[] };

/**
 * Reads every setting from its flag, else from its environment variable, else its fallback, and reports all faults at
 * once: nobody should have to start the program five times to learn of five mistakes.
 *
 * @param fallbacks what settings are, instead of their own fallbacks, where neither flag nor variable says
 */
export function readSettings<Table extends OptionTable>(
  table: Table,
  flags: FlagsOf<Table>,
  env: Environment,
  fallbacks?: FlagsOf<Table>,
): SettingsResult<Table> {
  const faults: string[] = [];
  const read = (name: keyof Table, option: Option<unknown>): unknown => {
    const flag = flags[name];
    const given = flag ?? variableOf(option, env);
    const result = option.parse(given ?? fallbacks?.[name] ?? option.fallback);
    if (result.ok) return result.value;
    const source = flag === undefined ? option.env : `the ${flagName(option)} flag`;
    faults.push(`${source} must ${result.must}; it is ${quote(given ?? "")}`);
    return undefined;
  };
  const entries = Object.entries(table).map(([name, option]) => [name, read(name, option)]);
  if (faults.length > 0) return { ok: false, faults };
  // Each entry was made by the parser of its own name, and without faults every parser gave a value.
  return { ok: true, config: Object.fromEntries(entries) as SettingsOf<Table> };
}

function variableOf({ env: name, emptyIsValue }: Option<unknown>, env: Environment): string | undefined {
  const variable = env[name];
  return variable === "" && emptyIsValue !== true ? undefined : variable;
}

/** `--log-level <level>` → `--log-level`. */
export const flagName = (option: Pick<Option<unknown>, "flag">): string => option.flag.split(" ", 1).join();

const quote = (value: string): string => JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
