import { enums } from "./named.js";
import { type Node, nodeOf } from "./node.js";
import { camelCase, docComment, exampleBlock, exampleOf, finish, nameOf } from "./typescript.js";

async function declarations(node: Node): Promise<string> {
  const { list = camelCase(nameOf(node)), enum: values = [] } = node;
  const example = exampleBlock(`${list}.join(", "); // ${JSON.stringify(values.join(", "))}`);
  return (
    docComment(`The values of {@link ${nameOf(node)}}.`, [example]) +
    `export const ${list} = ${JSON.stringify(values)} as const;\n\n` +
    docComment(node.description ?? "", [await exampleOf(nameOf(node), values[0])]) +
    `export type ${nameOf(node)} = (typeof ${list})[number];\n`
  );
}

/** The enums of the API: their values, their types, and what counts where nothing is said. */
export async function renderEnums(): Promise<string> {
  const nodes = Object.values(enums).map(nodeOf);
  const defaults = nodes
    .filter((node) => node.default !== undefined)
    .map((node) => `${camelCase(nameOf(node))}: ${JSON.stringify(node.default)}`);
  const doc = docComment("What counts where a field is not set.", [
    exampleBlock(`defaults.osType; // ${JSON.stringify(nodeOf(enums.OSType).default)}`),
  ]);
  return finish(
    [
      ...(await Promise.all(nodes.map(declarations))),
      `${doc}export const defaults = { ${defaults.join(", ")} } as const;\n`,
    ].join("\n"),
  );
}
