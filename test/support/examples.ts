import { type PublicExport, publicExports } from "./public-exports.js";

/** One example of the library's doc comments. */
export interface Example {
  readonly entryPoint: string;
  /** The export that it stands on. */
  readonly name: string;
  /** Where that is: `file:line`. */
  readonly place: string;
  /** As it stands in the comment, fence and all. */
  readonly comment: string;
  /** What stands within the fence. */
  readonly code: string;
  /** The imports that `code` takes for granted, on one line. */
  readonly imports: string;
}

const fence = /^```ts\n([\s\S]*)\n```$/;

/** Whether the example is fenced as TypeScript. */
export const isFenced = ({ comment }: Example): boolean => fence.test(comment.trim());

/** Every export of the library, and every example that stands on one. */
export function publicExamples(): { exported: readonly PublicExport[]; examples: readonly Example[] } {
  const exported = publicExports();
  const examples = exported.flatMap(({ examples: comments, entryPoint, name, place }) =>
    comments.map((comment) => {
      const code = fence.exec(comment.trim())?.[1] ?? comment;
      return { entryPoint, name, place, comment, code, imports: importsOf(exported, entryPoint, code) };
    }),
  );
  return { exported, examples };
}

/** Imports of what the code names and does not declare. Names of its own entry point win: two of them use the same ones. */
function importsOf(exported: readonly PublicExport[], entryPoint: string, code: string): string {
  const isOwn = (one: PublicExport): boolean => one.entryPoint === entryPoint;
  const known = new Map(
    [...exported.filter((one) => !isOwn(one)), ...exported.filter(isOwn)].map((one) => [
      one.name,
      one.entryPoint,
    ]),
  );
  const words = new Set(code.match(/[A-Za-z_$][\w$]*/g));
  const declared = /^(?:export )?(?:const|let|function|class|import \{) ?(\w+)/gm;
  const own = new Set([...code.matchAll(declared)].map(([, name]) => name));
  return [...known]
    .filter(([name]) => words.has(name) && !own.has(name))
    .map(([name, from]) => `import { ${name} } from "@cocoonstack/common/${from}";`)
    .join(" ");
}
