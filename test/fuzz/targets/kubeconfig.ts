import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ConfigError, loadConfig } from "@cocoonstack/common/k8s";
import { law, type Target } from "../core/target.js";

const secret = "s3cret-that-nobody-prints";
const longestFault = 4_000;

const folder = mkdtempSync(path.join(tmpdir(), "cocoon-fuzz-"));
process.once("exit", () => {
  rmSync(folder, { recursive: true, force: true });
});
const file = path.join(folder, "kubeconfig");

const asYaml = `apiVersion: v1
current-context: a
contexts: [{name: a, context: {cluster: c, user: u, namespace: n}}]
clusters:
- name: c
  cluster:
    server: https://127.0.0.1:6443
    certificate-authority-data: eA==
users:
- name: u
  user: &u
    token: ${secret}
- {name: w, user: *u}
`;

/** `loadConfig` of a kubeconfig. Commands that it names are not run: that is done when there is something to ask. */
export const kubeconfig: Target = {
  name: "kubeconfig",
  laws: "it gives a configuration or a ConfigError of bounded length that names the file and quotes no secret",
  // The YAML package makes an error of each fault, with a stack: some microseconds for four bytes.
  boundMs: 500,
  seeds: [
    asYaml,
    JSON.stringify({
      "current-context": "a",
      contexts: [{ name: "a", context: { cluster: "c", user: "u" } }],
      clusters: [{ name: "c", cluster: { server: "https://x", "insecure-skip-tls-verify": true } }],
      users: [
        {
          name: "u",
          user: { exec: { apiVersion: "client.authentication.k8s.io/v1", command: "x", args: [] } },
        },
      ],
    }),
  ],
  dictionary: [
    ...[
      "current-context:",
      "contexts:",
      "clusters:",
      "users:",
      "name:",
      "server:",
      "token:",
      "exec:",
      "env:",
      "args:",
    ],
    ...[
      "client-certificate-data:",
      "client-key:",
      "tokenFile:",
      "username:",
      "password:",
      "proxy-url:",
      "&a ",
      "*a",
    ],
    ...[
      "\n",
      "\n- ",
      "  ",
      "{",
      "}",
      "[",
      "]",
      ":",
      "|",
      ">",
      "'",
      '"',
      "null",
      "!!binary ",
      "<<: ",
      "---",
      "# ",
    ],
    ...[secret, "https://", "http://[::1", "auth-provider:", "tls-server-name:", "% ", "? "],
  ],
  attempt: async (input) => {
    writeFileSync(file, input);
    try {
      await loadConfig({ env: { KUBECONFIG: file } });
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      law(error.message.includes(file), `it does not name the file: ${error.message.slice(0, 200)}`);
      law(error.message.length <= longestFault, `a message of ${error.message.length} characters`);
      // Where names stand, it may be quoted.
      const elsewhere = input.toString("utf8").replaceAll(`token: ${secret}`, "");
      law(elsewhere.includes(secret) || !error.message.includes(secret), "the message quotes the token");
    }
  },
};
