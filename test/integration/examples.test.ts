import path from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { compilerOptions, entryPoints, publicExports, repository } from "../support/public-exports.js";
import { annotatedExpressions } from "../support/annotated-expressions.js";

/** What examples take for granted: names that every reader of Kubernetes code knows, with their types. */
const context = `
declare const body: Buffer & unknown;
declare const clientset: import("@cocoonstack/common/k8s").Clientset;
declare const connection: import("@cocoonstack/common/k8s").ClusterConnection;
declare const cookie: string;
declare const decide: (request: import("@cocoonstack/common/k8s/admission").AdmissionRequest) => void;
declare const error: unknown;
declare const hostname: typeof import("node:os").hostname;
declare const ip: string;
declare const key: import("@cocoonstack/common/auth").SessionKey;
declare const log: import("@cocoonstack/common/log").Logger;
declare const metrics: import("@cocoonstack/common/httpx").HttpServer;
declare const object: { readonly apiVersion: string; readonly kind: string };
declare const pod: import("@kubernetes/client-node").V1Pod & { metadata: import("@kubernetes/client-node").V1ObjectMeta };
declare const refresh: () => Promise<void>;
declare const registry: string;
declare const response: import("node:http").ServerResponse;
declare const set: import("@cocoonstack/common/apis/v1").CocoonSet;
declare const signal: AbortSignal;
declare const status: import("@cocoonstack/common/k8s").StatusDraft<typeof set>;
declare const tls: { readonly cert: string; readonly key: string };
declare const webhook: import("@cocoonstack/common/httpx").HttpServer;
`;

const folder = path.join(repository, "packages/common/src/examples");
const exported = publicExports();
const examples = exported.flatMap(({ examples: codes, ...rest }) =>
  codes.map((code, index) => ({
    ...rest,
    code,
    file: path.join(folder, `${rest.entryPoint}/${rest.name}-${index}.ts`),
  })),
);
/** Names of the entry point itself come first, because two of them use the same ones. */
const importsOf = (entryPoint: string): Map<string, string> =>
  new Map(
    [
      ...exported.filter((one) => one.entryPoint !== entryPoint),
      ...exported.filter((one) => one.entryPoint === entryPoint),
    ].map((one) => [one.name, one.entryPoint]),
  );

const fence = /^```ts\n([\s\S]*)\n```$/;
const bare = (code: string): string => fence.exec(code.trim())?.[1] ?? code;

/** The example as a module of its own, on the lines that it has in the comment. */
function moduleOf(entryPoint: string, code: string): string {
  const words = new Set(code.match(/[A-Za-z_$][\w$]*/g));
  const own = new Set(
    [...code.matchAll(/^(?:export )?(?:const|let|function|class|import \{) ?(\w+)/gm)].map(
      ([, name]) => name,
    ),
  );
  const imports = [...importsOf(entryPoint)]
    .filter(([name]) => words.has(name) && !own.has(name))
    .map(([name, from]) => `import { ${name} } from "@cocoonstack/common/${from}";`);
  return `${imports.join(" ")} export {};\n${code}\n`;
}

describe("the examples in doc comments", () => {
  it("stand on everything that is exported, types and interfaces as well", () => {
    const without = exported.filter((one) => !one.hasOwnExample);
    expect(without.map((one) => `${one.name} (${one.place})`)).toEqual([]);
    expect(new Set(exported.map((one) => one.entryPoint))).toEqual(new Set(entryPoints));
  });

  it("are fenced as TypeScript", () => {
    const unfenced = examples.filter(({ code }) => !fence.test(code.trim()));
    expect(unfenced.map(({ name, place }) => `${name} (${place})`)).toEqual([]);
  });

  it("compile", { timeout: 60_000 }, () => {
    const texts = new Map(
      examples.map(({ file, entryPoint, code }) => [file, moduleOf(entryPoint, bare(code))]),
    );
    texts.set(path.join(folder, "context.d.ts"), context);
    const options: ts.CompilerOptions = {
      ...compilerOptions(),
      isolatedModules: false,
      verbatimModuleSyntax: false,
      noUnusedLocals: false,
    };
    const host = ts.createCompilerHost(options);
    const disk = { ...host };
    host.readFile = (file) => texts.get(file) ?? disk.readFile(file);
    host.fileExists = (file) => texts.has(file) || disk.fileExists(file);
    host.getSourceFile = (file, version, ...rest) => {
      const text = texts.get(file);
      return text === undefined
        ? disk.getSourceFile(file, version, ...rest)
        : ts.createSourceFile(file, text, version);
    };
    const program = ts.createProgram([...texts.keys()], options, host);
    const faults = ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
      const line = file ? file.getLineAndCharacterOfPosition(start).line : 0;
      const where = file ? `${path.relative(folder, file.fileName)}:${line}` : "";
      return `${where} ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
    });
    expect(faults).toEqual([]);
    expect(examples.length).toBeGreaterThan(100);
  });
});

describe("values that examples show in a comment", () => {
  const assumed = [...context.matchAll(/declare const (\w+)/g)].map(([, name = ""]) => name);
  const usesContext = new RegExp(`\\b(${assumed.join("|")})\\b(?!["':])`);
  const cases = examples.flatMap(({ entryPoint, name, code }) =>
    annotatedExpressions(bare(code))
      .filter(({ expression }) => !usesContext.test(expression))
      .map((one) => ({ entryPoint, name, ...one })),
  );

  it.each(cases)("$name: $expression is $shown", async ({ entryPoint, expression, shown }) => {
    const names: Record<string, unknown> = {};
    for (const [name, from] of importsOf(entryPoint)) {
      if (!expression.includes(name)) continue;
      const module = (await import(
        /* @vite-ignore */ path.join(repository, "packages/common/src", from, "index.ts")
      )) as Record<string, unknown>;
      if (name in module) names[name] = module[name];
    }
    const valueOf = (code: string): unknown =>
      // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the code is ours, out of a comment
      (new Function(...Object.keys(names), `return (${code});`) as (...values: unknown[]) => unknown)(
        ...Object.values(names),
      );
    expect(valueOf(expression)).toEqual(valueOf(shown));
  });

  it("are many", () => {
    expect(cases.length).toBeGreaterThan(40);
  });
});
