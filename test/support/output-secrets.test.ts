import { expect, it } from "vitest";
import { bodyMarker, forbidTokens, secretsIn } from "./output-secrets.js";
import { runExecutable, WebhookProcess } from "./webhook-process.js";

it("finds tokens, keys and parts of objects, and nothing in what the webhook may say", () => {
  forbidTokens({ alice: { token: "s3cr3t-of-alice" } });
  expect(secretsIn('{"err":{"message":"Bearer s3cr3t-of-alice"}}')).toEqual(["the token of alice"]);
  expect(secretsIn("-----BEGIN EC PRIVATE KEY-----\\nMHc")).toEqual(["a private key"]);
  expect(secretsIn(`{"object":{"env":[{"value":"${bodyMarker}"}]}}`)).toEqual(["a part of an object's body"]);
  expect(secretsIn("it must begin with -----BEGIN … PRIVATE KEY-----")).toEqual([]);
});

it("fails whoever waits for the end of a process that printed one", async () => {
  // A wrong setting is quoted, and a user's name is logged: two ways to make it print what it should not.
  await expect(runExecutable(["serve", "--log-level", bodyMarker])).rejects.toThrow(
    "a part of an object's body",
  );
  const webhook = await WebhookProcess.start(["--standalone"]);
  await webhook.review("/mutate", {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    request: {
      uid: "1",
      kind: { group: "", version: "v1", kind: "Pod" },
      operation: "CREATE",
      userInfo: { username: bodyMarker },
      object: { spec: { tolerations: [{ key: "virtual-kubelet.io/provider" }] } },
    },
  });
  await expect(webhook.stop()).rejects.toThrow("the webhook printed a part of an object's body");
});
