/** A value that was understood, or what the variable must be: the rest of a sentence that begins with its name. */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly must: string };

/** One setting: an environment variable and a flag of the same meaning. The flag wins. */
export interface Option<T> {
  readonly env: string;
  /** In commander's form, e.g. `--log-level <level>`. */
  readonly flag: string;
  /** What the setting does, for `--help` and the documentation. */
  readonly help: string;
  /** The text that stands for an absent setting; undefined where absent is a value of its own, described by `unset`. */
  readonly fallback?: string;
  /** What an absent setting means, where there is no fallback. */
  readonly unset?: string;
  /** Whether an empty environment variable is read as a value; otherwise it counts as absent, as Kubernetes users expect. */
  readonly emptyIsValue?: boolean;
  /** The words that it takes, where these are a few. */
  readonly choices?: readonly string[];
  readonly parse: (text: string | undefined) => Parsed<T>;
}

export const parsed = <T>(value: T): Parsed<T> => ({ ok: true, value });
export const mustBe = (must: string): Parsed<never> => ({ ok: false, must });

/** All settings of a program, by name. */
export type OptionTable = Readonly<Record<string, Option<unknown>>>;

/** One setting of a table, with the type that its parser gives. */
export const option = <T>(definition: Option<T>): Option<T> => definition;
