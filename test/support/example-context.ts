import { Buffer } from "node:buffer";
import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { hostname } from "node:os";
import type { CocoonSet, ObjectMeta } from "@cocoonstack/common/apis/v1";
import { type SessionKey, signSession } from "@cocoonstack/common/auth";
import { type HttpServer, ListenAddressError, ListenError, newServer } from "@cocoonstack/common/httpx";
import {
  ApiError,
  CertificateError,
  type Clientset,
  type ClusterConnection,
  ConfigError,
  connect,
  DecodeError,
  generateSelfSignedCert,
  loadConfig,
  newClientset,
  RequestError,
  type StatusDraft,
} from "@cocoonstack/common/k8s";
import type { AdmissionRequest } from "@cocoonstack/common/k8s/admission";
import { type Logger, LogLevelError, setup } from "@cocoonstack/common/log";
import { admissionRequest, reviewOf } from "./admission-request.js";

/** What examples take for granted: names that every reader of Kubernetes code knows. */
export interface ExampleContext {
  readonly body: Buffer;
  readonly clientset: Clientset;
  readonly connection: ClusterConnection;
  readonly cookie: string;
  readonly decide: (request: AdmissionRequest) => void;
  readonly error: unknown;
  readonly hostname: typeof hostname;
  readonly ip: string;
  readonly key: SessionKey;
  readonly log: Logger;
  readonly metrics: HttpServer;
  readonly object: { readonly apiVersion: string; readonly kind: string };
  readonly pod: { readonly metadata: ObjectMeta };
  readonly refresh: () => Promise<void>;
  readonly registry: string;
  readonly response: ServerResponse;
  readonly set: CocoonSet;
  readonly signal: AbortSignal;
  readonly status: StatusDraft<CocoonSet>;
  readonly tls: { readonly cert: string; readonly key: string };
  readonly webhook: HttpServer;
}

/** One error of each class that the library exports. */
const errors: readonly Error[] = [
  new ApiError(409, "the object has been modified", { reason: "Conflict" }),
  new CertificateError("tls.crt holds no certificate in PEM"),
  new ConfigError("no Kubernetes configuration"),
  new DecodeError("CocoonSet", "spec.agent.image", "must be set"),
  new ListenAddressError("'8443' is not a listen address"),
  new ListenError("webhook: listen address :8443 is already in use"),
  new LogLevelError("LOG_LEVEL is 'loud', which is no log level"),
  new RequestError("timeout", "GET /version: timed out"),
];
const missingFile = Object.assign(new Error("no such file"), { code: "ENOENT" });

const set = (): CocoonSet => ({
  apiVersion: "cocoonset.cocoonstack.io/v1",
  kind: "CocoonSet",
  metadata: { namespace: "shop", name: "demo", generation: 3 },
  spec: { agent: { image: "ghcr.io/example/ubuntu:24.04" } },
});

const pod = (): ExampleContext["pod"] => ({
  metadata: {
    namespace: "shop",
    name: "demo-0",
    annotations: { "vm.cocoonstack.io/name": "vk-prod-demo-0", "vm.cocoonstack.io/ip": "10.0.0.4" },
  },
});

const server = (name: string): HttpServer =>
  newServer({
    name,
    address: "127.0.0.1:0",
    handler: (_request, response) => {
      response.end();
    },
  });

/** Examples that run until they are stopped are stopped after this. */
const stopAfterMs = 2_000;

/**
 * Makes the contexts of examples: what costs something is shared, and the rest is new for each, who may change it.
 * `KUBECONFIG` must lead to an API server.
 */
export async function exampleContexts(): Promise<(exportName: string) => ExampleContext> {
  const connection = await connect(await loadConfig());
  const clientset = await newClientset(connection);
  const { certPem, keyPem } = await generateSelfSignedCert("node-1", "127.0.0.1");
  const key = "a secret of 32 random bytes";
  return (exportName) => ({
    body: Buffer.from(reviewOf(admissionRequest("Pod"))),
    clientset,
    connection,
    cookie: signSession({ user: "alice", email: "alice@example.com", exp: 0 }, key),
    decide: () => undefined,
    error: errors.find(({ name }) => name === exportName) ?? missingFile,
    hostname,
    ip: "192.0.2.10",
    key,
    log: setup("LOG_LEVEL", { env: {}, destination: { write: () => undefined } }),
    metrics: server("metrics"),
    object: { apiVersion: "cocoonset.cocoonstack.io/v1", kind: "CocoonSet" },
    pod: pod(),
    refresh: () => Promise.resolve(),
    registry: "registry.example.com",
    response: new ServerResponse(new IncomingMessage(new Socket())),
    set: set(),
    signal: AbortSignal.timeout(stopAfterMs),
    status: {},
    tls: { cert: certPem, key: keyPem },
    webhook: server("webhook"),
  });
}
