import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { compileExamples } from "../support/compile-examples.js";
import { type ExampleContext, exampleContexts } from "../support/example-context.js";
import { isFenced, publicExamples } from "../support/examples.js";
import { entryPoints } from "../support/public-exports.js";
import { quietGlobals } from "../support/quiet-globals.js";
import { runExample } from "../support/run-example.js";
import { withProbes } from "../support/shown-values.js";
import { StandInApiServer } from "../support/stand-in-api-server.js";

const { exported, examples } = publicExamples();

/** What an example may throw, by export. */
const mayThrow: Readonly<Record<string, RegExp>> = {
  // On a machine without a network there is nothing to detect.
  detectNodeIP: /no IPv4 address other than loopback/,
};

let apiServer: StandInApiServer;
let folder: string;
let contextOf: (exportName: string) => ExampleContext;
beforeAll(async () => {
  apiServer = await StandInApiServer.start();
  folder = await mkdtemp(path.join(tmpdir(), "examples-"));
  await writeFile(path.join(folder, "kubeconfig"), apiServer.kubeconfig);
  vi.stubEnv("KUBECONFIG", path.join(folder, "kubeconfig"));
  // Where an example sets up the log of its own, it writes to our standard output.
  vi.stubEnv("WEBHOOK_LOG_LEVEL", "fatal");
  contextOf = await exampleContexts();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await apiServer[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

describe("the examples in doc comments", () => {
  it("stand on everything that is exported, types and interfaces as well", () => {
    const without = exported.filter((one) => !one.hasOwnExample);
    expect(without.map((one) => `${one.name} (${one.place})`)).toEqual([]);
    expect(new Set(exported.map((one) => one.entryPoint))).toEqual(new Set(entryPoints));
  });

  it("are fenced as TypeScript", () => {
    const unfenced = examples.filter((example) => !isFenced(example));
    expect(unfenced.map(({ name, place }) => `${name} (${place})`)).toEqual([]);
  });

  it("compile", () => {
    expect(compileExamples(examples, Object.keys(contextOf("")))).toEqual([]);
  });

  it("are many, and show many values", () => {
    expect(examples.length).toBeGreaterThan(200);
    expect(examples.flatMap(({ code }) => withProbes(code).shown).length).toBeGreaterThan(100);
  });
});

// At the same time, because a few wait: for a signal, or for clients to leave.
describe.concurrent("each example runs, and comes to the values that it shows", () => {
  const cases = examples.map((example) => [example.entryPoint, example.name, example] as const);

  it.each(cases)("%s: %s", async (_entryPoint, name, example) => {
    const scope = { ...quietGlobals, ...contextOf(name) };
    const values = await runExample(example, scope).catch((error: unknown) => {
      const expected = mayThrow[name];
      if (expected === undefined || !(error instanceof Error) || !expected.test(error.message)) throw error;
      return [];
    });
    for (const { expression, actual, shown } of values) expect(actual, expression).toEqual(shown);
  });
});
