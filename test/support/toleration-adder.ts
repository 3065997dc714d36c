import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { generateSelfSignedCert } from "@cocoonstack/common/k8s";
import type { ControlPlane } from "../controlplane/index.js";
import { cocoonToleration } from "./objects.js";
import { apply, must } from "./registered-webhook.js";

const name = "zz-toleration-adder";

/**
 * Another mutating webhook: it adds the cocoon toleration to new pods with the label `add-toleration`. By its name it comes
 * after ours, which therefore sees an ordinary pod.
 */
export async function startTolerationAdder(plane: ControlPlane): Promise<AsyncDisposable> {
  const { certPem, keyPem } = await generateSelfSignedCert(name, "127.0.0.1");
  const server = createServer({ cert: certPem, key: keyPem }, (request, response) => {
    void json(request).then((review) => {
      const { uid } = (review as { request: { uid: string } }).request;
      const patch = [{ op: "add", path: "/spec/tolerations/-", value: cocoonToleration }];
      const answer = {
        uid,
        allowed: true,
        patchType: "JSONPatch",
        patch: Buffer.from(JSON.stringify(patch)).toString("base64"),
      };
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response: answer }),
      );
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  await apply(plane, configuration((server.address() as AddressInfo).port, certPem));
  return {
    async [Symbol.asyncDispose]() {
      await must(plane.kubectl(["delete", "mutatingwebhookconfiguration", name]));
      server.closeAllConnections();
      server.close();
    },
  };
}

const configuration = (port: number, certPem: string): object => ({
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "MutatingWebhookConfiguration",
  metadata: { name },
  webhooks: [
    {
      name: "adder.example.com",
      clientConfig: {
        url: `https://127.0.0.1:${port}/`,
        caBundle: Buffer.from(certPem).toString("base64"),
      },
      rules: [{ apiGroups: [""], apiVersions: ["v1"], resources: ["pods"], operations: ["CREATE"] }],
      objectSelector: { matchExpressions: [{ key: "add-toleration", operator: "Exists" }] },
      sideEffects: "None",
      admissionReviewVersions: ["v1"],
    },
  ],
});
