import { types, enums } from "./named.js";
import { type Node, nodeOf, valuesOf } from "./node.js";
import { docComment, exampleOf, finish, nameOf } from "./typescript.js";

/** The TypeScript type of a schema, where it is used. */
function typeOf(node: Node): string {
  if (node.title !== undefined) return node.title;
  if (node.items !== undefined) return `${typeOf(node.items)}[]`;
  const values = valuesOf(node);
  if (values !== undefined) return `Record<string, ${typeOf(values)}>`;
  if (node.type === "integer") return "number";
  if (node.type === "string" || node.type === "boolean") return node.type;
  return nameOf(node);
}

function field(key: string, node: Node, required: boolean): string {
  const blocks = node.default === undefined ? [] : [`@default ${JSON.stringify(node.default)}`];
  return `${docComment(node.description ?? "", blocks, "  ")}  ${key}${required ? "" : "?"}: ${typeOf(node)};\n`;
}

const propertiesOf = (typeName: string | undefined): Readonly<Record<string, Node>> =>
  Object.values(types)
    .map(nodeOf)
    .find(({ title }) => title === typeName)?.properties ?? {};

async function declaration(node: Node): Promise<string> {
  const name = nameOf(node);
  const examples = await Promise.all((node.examples ?? []).map((example) => exampleOf(name, example)));
  const doc = docComment(node.description ?? "", examples);
  if (node.properties === undefined) {
    return `${doc}export type ${name} = ${(node.anyOf ?? []).map(typeOf).join(" | ")};\n`;
  }
  const inherited = node.extends === undefined ? {} : propertiesOf(node.extends);
  const fields = Object.entries(node.properties)
    .filter(([key]) => !Object.hasOwn(inherited, key))
    .map(([key, child]) => field(key, child, node.required?.includes(key) ?? false));
  const heritage = node.extends === undefined ? "" : ` extends ${node.extends}`;
  return `${doc}export interface ${name}${heritage} {\n${fields.join("")}}\n`;
}

/** The interfaces of the API. */
export async function renderTypes(): Promise<string> {
  const imports = `import type { ${Object.keys(enums).sort().join(", ")} } from "./enums.generated.js";\n`;
  const declarations = await Promise.all(Object.values(types).map((schema) => declaration(nodeOf(schema))));
  return finish([imports, ...declarations].join("\n"));
}
