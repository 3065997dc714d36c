import type { CustomResource } from "./crd.js";
import { type Node, nodeOf } from "./node.js";
import { structural } from "./structural.js";
import { camelCase, docComment, exampleBlock, finish, nameOf } from "./typescript.js";

/** A piece of source that stands within a value. */
class Source {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

function sourceOf(value: unknown): string {
  if (value instanceof Source) return value.text;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${sourceOf(member)}`);
  return `{ ${members.join(", ")} }`;
}

/**
 * The schemas as constants, without words and rules: those are on the interfaces and in the CRD. What several schemas
 * share is one constant, declared before it is used.
 */
export function renderSchemas(resources: readonly CustomResource[]): Promise<string> {
  const constants = new Map<string, string>();

  const use = (node: Node): Source => {
    if (node.properties === undefined) return new Source(sourceOf(structural(node, use)));
    const name = `${camelCase(nameOf(node))}Schema`;
    if (!constants.has(name)) constants.set(name, sourceOf(structural(node, use)));
    return new Source(name);
  };
  const exported = new Map(resources.map(({ kind, schema }) => [use(nodeOf(schema)).text, kind]));

  const declarations = [...constants].map(([name, source]) => {
    const kind = exported.get(name);
    if (kind === undefined) return `const ${name}: Schema = ${source};\n`;
    const doc = docComment(`The schema of a ${kind}, without words and rules.`, [
      exampleBlock(`${name}.required; // ["spec"]`),
    ]);
    return `${doc}export const ${name}: Schema = ${source};\n`;
  });
  return finish([`import type { Schema } from "./schema.js";\n`, ...declarations].join("\n"));
}
