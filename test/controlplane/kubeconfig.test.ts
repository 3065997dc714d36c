import { expect, it } from "vitest";
import { parse } from "yaml";
import { kubeconfigYaml } from "./kubeconfig.js";

it("is a kubeconfig whose one context holds everything inline", () => {
  const yaml = kubeconfigYaml({ url: "https://127.0.0.1:6443", ca: "certificate\n", token: "0123" });
  expect(parse(yaml)).toEqual({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "cocoon-test",
    clusters: [
      {
        name: "cocoon-test",
        cluster: {
          server: "https://127.0.0.1:6443",
          "certificate-authority-data": Buffer.from("certificate\n").toString("base64"),
        },
      },
    ],
    // A string, although it looks like a number.
    users: [{ name: "cocoon-test", user: { token: "0123" } }],
    contexts: [
      {
        name: "cocoon-test",
        context: { cluster: "cocoon-test", user: "cocoon-test", namespace: "default" },
      },
    ],
  });
});
