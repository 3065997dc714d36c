import { check } from "../../../packages/webhook/src/check/index.js";
import { parseManifests } from "../../../packages/webhook/src/manifests/index.js";
import { cocoonSet, hibernation, pod, workload } from "../../support/objects.js";
import { law, type Target } from "../core/target.js";

const longestFault = 2_000;

/** What `cocoon-webhook check` reads and says. */
export const manifests: Target = {
  name: "manifests",
  laws: "reading and judging never throw; every fault and finding has a place in the text and a message of bounded length; JSON reads as JSON",
  // The YAML package makes an error of each fault, with a stack: some microseconds for four bytes.
  boundMs: 500,
  seeds: [
    "kind: Pod\napiVersion: v1\nmetadata:\n  name: 'a'\nspec:\n  tolerations:\n  - key: virtual-kubelet.io/provider\n  x: |\n    b\n",
    "a: &a {b: [1, *a]}\n---\n- ? x\n  : y\n- !!str 1\n- <<: *a\n",
    "apiVersion: v1\nkind: List\nitems:\n- kind: CocoonSet\n  apiVersion: cocoonset.cocoonstack.io/v1\n  spec: {agent: {image: ''}}\n",
    ...[pod("a"), workload("Deployment", "b", 1), cocoonSet("c"), hibernation("d", "e")].map((o) =>
      JSON.stringify(o),
    ),
    `${JSON.stringify(pod("a"))}\n${JSON.stringify(cocoonSet("c", { toolboxes: [{}] }), undefined, 1)}`,
  ],
  dictionary: [
    ...[
      "\n",
      "\n- ",
      "\n  ",
      ": ",
      "- ",
      "? ",
      "|",
      "|-",
      ">",
      "|2\n",
      "'",
      '"',
      "&a ",
      "*a",
      "!!binary ",
      "!!set ",
    ],
    ...[
      "<<: ",
      "---\n",
      "...\n",
      "%YAML 1.2\n",
      "# ",
      "{",
      "}",
      "[",
      "]",
      ",",
      "\t",
      "\r\n",
      "\ufeff",
      "é",
      "\u2028",
    ],
    ...[
      "{{ .x }}",
      "~",
      "yes",
      "0x1F",
      "010",
      "1e400",
      ".inf",
      "1:30",
      "__proto__: ",
      "y: ",
      "kind: List\nitems:\n",
    ],
  ],
  attempt: async (input) => {
    const text = input.toString("utf8");
    const lines = text.split(/\r\n|[\r\n]/).length;
    const { manifests: read, faults } = parseManifests("a.yaml", text);
    for (const { line = 1, message } of faults) {
      law(line >= 1 && line <= lines, `a fault in line ${line} of ${lines}`);
      law(message !== "" && message.length <= longestFault, `a fault of ${message.length} characters`);
    }
    holdJson(text, read.length === 1 ? read[0]?.value : undefined);
    for (const { line, message } of await check(read)) {
      law(line >= 1 && line <= lines, `a finding in line ${line} of ${lines}`);
      law(
        message.length <= longestFault,
        `a finding of ${message.length} characters: ${message.slice(0, 80)}`,
      );
    }
  },
};

/** Of an object in JSON, the value is JSON's, wherever one was read and it is no list of others. */
function holdJson(text: string, value: unknown): void {
  if (!/^\s*\{/.test(text) || value === undefined) return;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return;
  }
  if (Array.isArray((json as { readonly items?: unknown }).items)) return;
  // Numbers beyond 64 bits and the like are read as YAML does.
  if (/[0-9.]{15}|[eE][+-]?[0-9]{2}|-0/.test(text)) return;
  law(JSON.stringify(value) === JSON.stringify(json), "JSON reads as something else");
}
