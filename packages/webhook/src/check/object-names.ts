// What API servers ask of names, in their own words (k8s.io/apimachinery/pkg/util/validation): people find those by searching.
// Each function gives what is wrong, and nothing where nothing is.

const part = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const qualified = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

interface Form {
  readonly pattern: string;
  readonly words: string;
  readonly examples: readonly string[];
  readonly maxLength: number;
}

const subdomain: Form = {
  pattern: `${part}(\\.${part})*`,
  words:
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  examples: ["example.com"],
  maxLength: 253,
};

const label: Form = {
  pattern: part,
  words:
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  examples: ["my-name", "123-abc"],
  maxLength: 63,
};

const qualifiedName: Form = {
  pattern: qualified,
  words:
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  examples: ["MyName", "my.name", "123-abc"],
  maxLength: 63,
};

const value: Form = {
  pattern: `(${qualified})?`,
  words:
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  examples: ["MyValue", "my_value", "12345"],
  maxLength: 63,
};

function faultsOf(text: string, { pattern, words, examples, maxLength }: Form): readonly string[] {
  const shown = examples.map((example) => `'${example}', `).join(" or ");
  return [
    ...(Buffer.byteLength(text) > maxLength ? [`must be no more than ${maxLength} characters`] : []),
    ...(new RegExp(`^(?:${pattern})$`).test(text)
      ? []
      : [`${words} (e.g. ${shown}regex used for validation is '${pattern}')`]),
  ];
}

/** Of `metadata.name`. */
export const nameFaults = (name: string): readonly string[] => faultsOf(name, subdomain);

/** Of `metadata.generateName`: what comes behind it lets it end in a dash. */
export const prefixFaults = (prefix: string): readonly string[] =>
  nameFaults(prefix.length > 1 ? prefix.replace(/-$/, "a") : prefix);

/** Of the name of a namespace. */
export const namespaceFaults = (name: string): readonly string[] => faultsOf(name, label);

/** Of the value of a label. */
export const labelValueFaults = (text: string): readonly string[] => faultsOf(text, value);

/** Of the key of a label or of an annotation: `NAME` or `PREFIX/NAME`. */
export function keyFaults(key: string): readonly string[] {
  const [name = "", prefix, ...more] = key.split("/").reverse();
  if (more.length > 0) {
    const [words = ""] = faultsOf("", qualifiedName);
    return [`${words} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  return [...partFaults("prefix", prefix, subdomain), ...partFaults("name", name, qualifiedName)];
}

function partFaults(which: "prefix" | "name", text: string | undefined, form: Form): readonly string[] {
  if (text === undefined) return [];
  const faults = text === "" ? ["must be non-empty"] : faultsOf(text, form);
  return faults.map((fault) => `${which} part ${fault}`);
}
