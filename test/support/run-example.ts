import ts from "typescript";
import type { Example } from "./examples.js";
import { probe, withProbes } from "./shown-values.js";

/** A value that an example computed, and the one that its comment shows. */
export interface Shown {
  readonly expression: string;
  readonly actual: unknown;
  readonly shown: unknown;
}

type Run = (...values: unknown[]) => Promise<void>;
const AsyncFunction = (async () => {
  await Promise.resolve();
}).constructor as new (...parametersAndBody: string[]) => Run;

/**
 * Runs an example as the module that it is, on the library's sources; `scope` holds the names that it takes for granted, and
 * those of globals that it had better not reach. Rejects with what the example throws.
 */
export async function runExample(
  { code, imports }: Pick<Example, "code" | "imports">,
  scope: Readonly<Record<string, unknown>>,
): Promise<readonly Shown[]> {
  const probed = withProbes(code);
  const source = `${imports}\n${probed.code}`;
  const modules = await load(source);
  const values: Pick<Shown, "actual" | "shown">[] = [];
  const surroundings: Readonly<Record<string, unknown>> = {
    ...scope,
    exports: {},
    require: (specifier: string) => modules.get(specifier),
    [probe]: (actual: unknown, shown: unknown) => values.push({ actual, shown }),
  };
  // In a block: an example may declare what it could also have taken for granted.
  const run = new AsyncFunction(...Object.keys(surroundings), `{\n${javaScriptOf(source)}\n}`);
  await run(...Object.values(surroundings));
  return probed.shown.map((expression, index) => {
    const value = values[index];
    if (value === undefined) throw new Error(`the example ended before ${expression}`);
    return { expression, ...value };
  });
}

/** The modules that the source imports. Those of which it only names types do no harm. */
async function load(source: string): Promise<ReadonlyMap<string, unknown>> {
  const specifiers = ts.preProcessFile(source).importedFiles.map(({ fileName }) => fileName);
  return new Map(
    await Promise.all(
      specifiers.map(async (name) => [name, (await import(/* @vite-ignore */ name)) as unknown] as const),
    ),
  );
}

const javaScriptOf = (source: string): string =>
  ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 },
  }).outputText;
