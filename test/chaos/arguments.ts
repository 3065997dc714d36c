import { parseArgs } from "node:util";

/** What was asked of `npm run chaos`. */
export interface ChaosArguments {
  /** Part of the names of what is run; empty for all. */
  readonly only: string;
  readonly short: boolean;
  /** Whether the tables of docs/reliability.md are written anew. */
  readonly writeDocs: boolean;
  readonly help: boolean;
}

/** @throws {TypeError|Error} that names the argument it cannot use */
export function readArguments(args: readonly string[]): ChaosArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", default: "" },
      short: { type: "boolean", default: false },
      "write-docs": { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const { only, short, help } = values;
  if (values["write-docs"] && (only !== "" || short))
    throw new Error("--write-docs writes the whole tables: leave out --only and --short");
  return { only, short, help, writeDocs: values["write-docs"] };
}
