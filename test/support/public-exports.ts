import path from "node:path";
import ts from "typescript";

/** Root of the repository. */
export const repository = path.resolve(import.meta.dirname, "../..");
const common = path.join(repository, "packages/common");

/** Entry points of `@cocoonstack/common`, as its `exports` name them; those that are no code are left out. */
export const entryPoints = ["apis/v1", "meta", "k8s", "k8s/admission", "auth", "httpx", "log"] as const;

/** What one entry point of the library exports under one name. */
export interface PublicExport {
  readonly entryPoint: string;
  readonly name: string;
  /** Whether it is there at run time; a type or an interface is not. */
  readonly isValue: boolean;
  /** The code of its examples, and those of its members. */
  readonly examples: readonly string[];
  /** Whether one of the examples is its own. */
  readonly hasOwnExample: boolean;
  /** `file:line` */
  readonly place: string;
}

/** Compiler options of the repository, in which `@cocoonstack/common/…` are the sources. */
export function compilerOptions(): ts.CompilerOptions {
  const file = path.join(repository, "tsconfig.json");
  const { config } = ts.readConfigFile(file, (name) => ts.sys.readFile(name)) as { readonly config?: object };
  return ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, repository).options;
}

/** Everything that the library exports, read from the sources. */
export function publicExports(): PublicExport[] {
  const files = entryPoints.map((entryPoint) => path.join(common, "src", entryPoint, "index.ts"));
  const program = ts.createProgram(files, compilerOptions());
  const checker = program.getTypeChecker();
  return files.flatMap((file, index) => {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`${file} is not a module`);
    return checker
      .getExportsOfModule(module)
      .map((symbol) => describeExport(checker, entryPoints[index] ?? "", symbol));
  });
}

function describeExport(checker: ts.TypeChecker, entryPoint: string, exported: ts.Symbol): PublicExport {
  const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
  const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported;
  const declarations = symbol.declarations ?? [];
  const own = declarations.flatMap(examplesOf);
  const members = declarations
    .filter((node) => ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node))
    .flatMap((node) => [...node.members].flatMap(examplesOf));
  const first = declarations[0];
  const file = first?.getSourceFile();
  const line = first && file ? file.getLineAndCharacterOfPosition(first.getStart()).line + 1 : 0;
  return {
    entryPoint,
    name: exported.name,
    isValue: (symbol.flags & ts.SymbolFlags.Value) !== 0,
    examples: [...own, ...members],
    hasOwnExample: own.length > 0,
    place: `${path.relative(repository, file?.fileName ?? "")}:${line}`,
  };
}

/** The text of each `@example` of a declaration, fences and all. */
function examplesOf(node: ts.Node): string[] {
  return ts
    .getJSDocTags(node)
    .filter((tag) => tag.tagName.text === "example")
    .map((tag) => ts.getTextOfJSDocComment(tag.comment) ?? "");
}
