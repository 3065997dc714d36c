import type { Fault } from "./manifest.js";

/**
 * A fault of a text with what to do about it, as far as the text tells.
 *
 * @param lineOfFault the line in which the fault stands, as it was written
 * @example
 * explained({ file: "a.yaml", message: "is not YAML: …" }, "{{ .Values.replicas }}").message;
 * // "is a Helm template: render it first: helm template CHART | cocoon-webhook check -"
 */
export function explained(fault: Fault, lineOfFault: string): Fault {
  return { ...fault, message: explanation(fault, lineOfFault) };
}

const notYaml = "is not YAML: ";

function explanation({ file, message }: Fault, line: string): string {
  // Its braces are YAML of an odd kind, so what the parser makes of them helps nobody.
  if (/\{\{.*\}\}/.test(line)) {
    return "is a Helm template: render it first: helm template CHART | cocoon-webhook check -";
  }
  if (!message.startsWith(notYaml)) return message;
  const details = message.slice(notYaml.length);
  // JSON is read as YAML, of which it is a part: only the name of the file says what was meant.
  return file.endsWith(".json")
    ? `is not JSON: ${details}: look at the commas, the quotes and the brackets up to here`
    : `${message}: look at the indentation and the quotes here and in the line above`;
}
