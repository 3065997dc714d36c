import { readFileSync } from "node:fs";
import path from "node:path";
import { validateXML } from "xmllint-wasm";

const junitSchema = readFileSync(path.resolve(import.meta.dirname, "../data/junit.xsd"), "utf8");

/** What is wrong with a report by libxml2: whether it is well-formed, and of the shape that test/data/junit.xsd describes. */
export async function junitFaults(xml: string): Promise<string[]> {
  const { errors } = await validateXML({ xml, schema: junitSchema });
  return errors.map(({ rawMessage }) => rawMessage);
}

/** The values of an attribute of JUnit's test cases, as a parser of XML gives them. */
export async function testCaseValues(xml: string, attribute: "classname" | "name"): Promise<string[]> {
  const { normalized } = await validateXML({ xml, normalization: "c14n" });
  const cases = [...normalized.matchAll(/<testcase (?:[^">]|"[^"]*")*>/g)].map(([tag]) => tag);
  return cases.map((tag) => unescaped(new RegExp(` ${attribute}="([^"]*)"`).exec(tag)?.[1] ?? ""));
}

const characters: Readonly<Record<string, string>> = {
  ...{ "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"' },
  ...{ "&#x9;": "\t", "&#xA;": "\n", "&#xD;": "\r" },
};

/** The few references that are left in canonical XML (Canonical XML 1.1, section 2.3). */
const unescaped = (value: string): string =>
  value.replaceAll(/&[^;]+;/g, (entity) => characters[entity] ?? entity);
