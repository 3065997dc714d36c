import { once } from "node:events";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { namespace, pod } from "../support/objects.js";
import { apply, must } from "../support/registered-webhook.js";
import { sharedControlPlane } from "../support/shared-control-plane.js";
import { freePorts } from "../controlplane/ports.js";
import { eventually } from "../support/eventually.js";
import { type Balancer, startBalancer } from "../support/rolling/balancer.js";
import { runExecutable, WebhookProcess } from "../support/webhook-process.js";

const plane = sharedControlPlane();
const ns = "cocoon-system";
const secret = "self-managed-e2e";
const configurations = "mutatingwebhookconfiguration,validatingwebhookconfiguration";

/** So short that a whole rotation of authorities fits into the test, and not so short that a busy machine misses one. */
const lifetimes = { TLS_LIFETIME: "21s", TLS_CA_LIFETIME: "63s", TLS_SETTLE: "3s" };

let balancer: Balancer;
let replicas: WebhookProcess[] = [];
let traffic: Traffic;

beforeAll(async () => {
  await apply(plane, namespace(ns), ...permissions);
  const ports = Object.values(await freePorts("first", "second", "third"));
  balancer = await startBalancer(ports);
  const { stdout } = await runExecutable(["manifests", "--url", `https://127.0.0.1:${balancer.port}`]);
  await must(plane.kubectl(["apply", "-f", "-"], { stdin: stdout }));
  const env = { TLS_SECRET: `${ns}/${secret}`, TLS_NAMES: "127.0.0.1", ...lifetimes };
  const flags = ["--kubeconfig", plane.kubeconfig("webhook")];
  replicas = await Promise.all(
    ports.map((port) => WebhookProcess.start([...flags, "--listen-addr", `127.0.0.1:${port}`], env)),
  );
  expect(await eventually(refusal, isRefused)).toBeUndefined();
  traffic = startTraffic();
});

afterAll(async () => {
  await traffic.stop();
  await plane.kubectl(["delete", configurations, "cocoon-webhook", "--ignore-not-found"]);
  await Promise.all(replicas.map((replica) => replica.stop()));
  await balancer[Symbol.asyncDispose]();
  await plane.kubectl(["-n", ns, "delete", "secret", secret, "--ignore-not-found"]);
});

/** What the self-managed webhook may do besides config/rbac: its Secret and its configurations, each by name. */
const permissions = [
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: { name: secret, namespace: ns },
    rules: [
      { apiGroups: [""], resources: ["secrets"], resourceNames: [secret], verbs: ["get", "patch", "create"] },
    ],
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: secret },
    rules: [
      {
        apiGroups: ["admissionregistration.k8s.io"],
        resources: ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"],
        resourceNames: ["cocoon-webhook"],
        verbs: ["get", "patch"],
      },
    ],
  },
  ...(["Role", "ClusterRole"] as const).map((kind) => ({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: `${kind}Binding`,
    metadata: { name: secret, ...(kind === "Role" ? { namespace: ns } : {}) },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name: secret },
    subjects: [{ kind: "ServiceAccount", name: "cocoon-webhook", namespace: ns }],
  })),
];

describe("certificates that the webhook makes itself", () => {
  it("need rights, and a start without them says which", async () => {
    const args = ["serve", "--kubeconfig", plane.kubeconfig("alice"), "--tls-secret", `${ns}/${secret}`];
    const { code, stderr } = await runExecutable(args);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^cocoon-webhook: GET \/api\/v1\/namespaces\/cocoon-system\/secrets\/self-managed-e2e: Forbidden .*; TLS_SECRET needs the rights of config\/components\/self-managed\n$/,
    );
  });

  it("are one and the same for three replicas that start at once", async () => {
    const ca = await bundle();
    const served = await Promise.all(replicas.map(({ port }) => fingerprintAt(port, ca)));
    expect(new Set(served).size).toBe(1);
  });

  it("are restored when the Secret is deleted, and nothing is lost", async () => {
    const before = await secretData();
    await must(plane.kubectl(["-n", ns, "delete", "secret", secret]));
    const restored = await eventually(secretData, (data) => data !== undefined);
    expect(restored?.["ca.crt"]).toBe(before?.["ca.crt"]);
    expect(traffic.failures).toEqual([]);
  });

  it("get their authorities back into the configurations within seconds when somebody wipes them", async () => {
    const wipe = JSON.stringify([{ op: "remove", path: "/webhooks/0/clientConfig/caBundle" }]);
    await must(
      plane.kubectl(["patch", "mutatingwebhookconfiguration", "cocoon-webhook", "--type=json", "-p", wipe]),
    );
    expect(await eventually(bundle, (text) => text !== "")).toContain("BEGIN CERTIFICATE");
    expect(await eventually(refusal, isRefused)).toBeUndefined();
    // Requests that were on their way then are part of the damage.
    await pause(1000);
    traffic.failures.length = 0;
  });

  it("go through leaves and authorities without losing a request, and each replica serves what everybody trusts", async () => {
    const [leaves, authorities] = [new Set<string>(), new Set<string>()];
    const sizes: number[] = [];
    // An API server may act on a configuration that it read a moment ago.
    let bundleBefore = await bundle();
    const rotated = async (): Promise<boolean> => {
      const bundleNow = await bundle();
      for (const { port } of replicas) leaves.add(await fingerprintAt(port, bundleBefore));
      authorities.add((await secretData())?.["ca.crt"] ?? "");
      sizes.push(bundleNow.match(/BEGIN/g)?.length ?? 0);
      bundleBefore = bundleNow;
      await pause(500);
      return authorities.size > 1 && sizes.includes(2) && sizes.at(-1) === 1;
    };
    expect(await eventually(rotated, (isDone) => isDone, 150_000)).toBe(true);
    expect(leaves.size).toBeGreaterThan(2);
    expect(traffic.failures).toEqual([]);
    expect(traffic.sent).toBeGreaterThan(200);
  }, 160_000);
});

/** Asks the API server for a stray pod; undefined where the webhook refuses it, else what happened instead. */
async function refusal(): Promise<string | undefined> {
  const { status, body } = await plane.request(
    "POST",
    "/api/v1/namespaces/default/pods?dryRun=All",
    pod("stray"),
  );
  const { message = "" } = body as { readonly message?: string };
  return status === 403 && message.includes("no CocoonSet owns it") ? undefined : `${status}: ${message}`;
}

const isRefused = (otherwise: string | undefined): boolean => otherwise === undefined;

interface Traffic {
  readonly failures: string[];
  readonly sent: number;
  stop(): Promise<void>;
}

/** A few requests at a time, without a break. */
function startTraffic(): Traffic {
  const state = { failures: [] as string[], sent: 0, stopped: false };
  const loop = async (): Promise<void> => {
    while (!state.stopped) {
      const failure = await refusal();
      state.sent += 1;
      if (failure !== undefined) state.failures.push(failure);
      await pause(50);
    }
  };
  const loops = Promise.all([loop(), loop()]);
  return {
    failures: state.failures,
    get sent() {
      return state.sent;
    },
    stop: async () => {
      state.stopped = true;
      await loops;
    },
  };
}

/** The fingerprint of what a replica serves, checked as an API server does; rejects where the bundle does not vouch for it. */
async function fingerprintAt(port: number, ca: string): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1", ca });
  await once(socket, "secureConnect");
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

async function bundle(): Promise<string> {
  const path = "-o=jsonpath={.webhooks[0].clientConfig.caBundle}";
  const text = await must(plane.kubectl(["get", "mutatingwebhookconfiguration", "cocoon-webhook", path]));
  return Buffer.from(text, "base64").toString();
}

async function secretData(): Promise<Readonly<Record<string, string>> | undefined> {
  const { body } = await plane.request("GET", `/api/v1/namespaces/${ns}/secrets/${secret}`);
  return (body as { readonly data?: Readonly<Record<string, string>> }).data;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
