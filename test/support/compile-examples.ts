import path from "node:path";
import ts from "typescript";
import type { Example } from "./examples.js";
import { compilerOptions, repository } from "./public-exports.js";

const folder = path.join(repository, "packages/common/src/examples");
const contextFile = path.join(import.meta.dirname, "example-context.js");

/** What the compiler finds wrong with the examples, each a module of its own in which the names of the context are known. */
export function compileExamples(examples: readonly Example[], contextNames: readonly string[]): string[] {
  const texts = new Map(
    examples.map(({ entryPoint, name, imports, code }, index) => [
      path.join(folder, `${entryPoint}/${name}-${index}.ts`),
      // One line before the code, so that lines are counted as in the comment.
      `${imports} export {};\n${code}\n`,
    ]),
  );
  const declarations = contextNames.map(
    (name) => `declare const ${name}: import("${contextFile}").ExampleContext["${name}"];`,
  );
  texts.set(path.join(folder, "context.d.ts"), declarations.join("\n"));
  const options: ts.CompilerOptions = {
    ...compilerOptions(),
    isolatedModules: false,
    verbatimModuleSyntax: false,
    noUnusedLocals: false,
  };
  const program = ts.createProgram([...texts.keys()], options, hostWith(texts, options));
  return ts.getPreEmitDiagnostics(program).map(describeFault);
}

/** A compiler host that sees `texts` besides what is on the disk. */
function hostWith(texts: ReadonlyMap<string, string>, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  return {
    ...host,
    readFile: (file) => texts.get(file) ?? host.readFile(file),
    fileExists: (file) => texts.has(file) || host.fileExists(file),
    getSourceFile: (file, version, ...rest) => {
      const text = texts.get(file);
      return text === undefined
        ? host.getSourceFile(file, version, ...rest)
        : ts.createSourceFile(file, text, version);
    },
  };
}

function describeFault({ file, start = 0, messageText }: ts.Diagnostic): string {
  const line = file ? file.getLineAndCharacterOfPosition(start).line : 0;
  const where = file ? `${path.relative(folder, file.fileName)}:${line}` : "";
  return `${where} ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
}
