import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { CocoonSet } from "@cocoonstack/common/apis/v1";
import {
  ApiError,
  connect,
  decodeUnstructured,
  loadConfig,
  newClientset,
  newReadyCondition,
  patchCocoonSetGeneration,
  patchHibernateState,
  patchStatus,
  setStatusCondition,
  type ClusterConnection,
  type LoadConfigOptions,
} from "@cocoonstack/common/k8s";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { identities } from "../controlplane/index.js";
import { type FaultProxy, faultProxy } from "../support/fault-proxy.js";
import { namespace, pod } from "../support/objects.js";
import { apply, must } from "../support/registered-webhook.js";
import { sharedControlPlane } from "../support/shared-control-plane.js";

const plane = sharedControlPlane();
const ns = "clients-e2e";
const serviceAccount = "reader";
let folder: string;
let proxy: FaultProxy;

beforeAll(async () => {
  const crds = path.resolve(import.meta.dirname, "../../config/crd");
  await must(plane.kubectl(["apply", "--server-side", "--force-conflicts", "-k", crds]));
  await must(plane.kubectl(["wait", "--for=condition=Established", "crd", "--all", "--timeout=30s"]));
  await apply(plane, namespace(ns), {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: serviceAccount, namespace: ns },
  });
  folder = await mkdtemp(path.join(plane.folder, "clients-"));
  proxy = await faultProxy(plane.url);
  return () => proxy[Symbol.asyncDispose]();
});
afterAll(() => plane.kubectl(["delete", "namespace", ns, "--wait=false"]));

const write = async (name: string, content: string | object): Promise<string> => {
  const file = path.join(folder, name);
  await writeFile(file, typeof content === "string" ? content : JSON.stringify(content), { mode: 0o700 });
  return file;
};

/** The parts of a kubeconfig that leads to the proxy. */
const clusters = (): object[] => [
  {
    name: "c",
    cluster: {
      server: proxy.url,
      "certificate-authority-data": Buffer.from(plane.parts.ca).toString("base64"),
    },
  },
];
const contexts = [{ name: "x", context: { cluster: "c", user: "u" } }];
const users = (user: object): object[] => [{ name: "u", user }];

const kubeconfig = (user: object): Promise<string> =>
  write("kubeconfig", { "current-context": "x", contexts, clusters: clusters(), users: users(user) });

async function connectBy(options: LoadConfigOptions): Promise<ClusterConnection> {
  const connection = await connect(await loadConfig({ homeFolder: folder, ...options }));
  onTestFinished(() => connection.close());
  return connection;
}

const connectAs = async (user: object, options: LoadConfigOptions = {}): Promise<ClusterConnection> =>
  connectBy({ env: { KUBECONFIG: await kubeconfig(user) }, ...options });

const connectAsAdmin = (): Promise<ClusterConnection> => connectAs({ token: plane.token("admin") });

/** Whom the API server takes us for. */
async function whoAmI(connection: ClusterConnection): Promise<unknown> {
  const { status, body } = await connection.request({
    method: "POST",
    path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
    body: JSON.stringify({ apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" }),
  });
  if (status !== 201) return status;
  const review = JSON.parse(body.toString()) as { status: { userInfo: { username: string } } };
  return review.status.userInfo.username;
}

/** Asks for something as the client under test does, and counts what that costs on the wire. */
async function cost(action: () => Promise<unknown>): Promise<{ connections: number; bytes: number }> {
  const { accepted, bytesFromClients } = proxy;
  await action();
  return { connections: proxy.accepted - accepted, bytes: proxy.bytesFromClients - bytesFromClients };
}

describe("connections", () => {
  const reads = 500;
  const read = async (connection: ClusterConnection): Promise<void> => {
    expect((await connection.getJson(`/api/v1/namespaces/${ns}`)).status).toBe(200);
  };

  it(`${reads} reads one after the other use one or two`, async () => {
    const connection = await connectAsAdmin();
    const { connections } = await cost(async () => {
      for (let i = 0; i < reads; i++) await read(connection);
    });
    // Two, because the next request may come before the first connection is known to be free again.
    expect(connections).toBeLessThanOrEqual(2);
  });

  it(`${reads} reads at once use the pool's 8, and so do as many by the typed client`, async () => {
    const connection = await connectAsAdmin();
    const { core } = await newClientset(connection);
    const { connections } = await cost(async () => {
      await Promise.all(Array.from({ length: reads }, () => read(connection)));
      const namespaces = await Promise.all(
        Array.from({ length: reads }, () => core.readNamespace({ name: ns })),
      );
      expect(namespaces.every(({ metadata }) => metadata?.name === ns)).toBe(true);
    });
    expect(connections).toBe(8);
  });
});

describe("credentials that the API server takes", () => {
  const certificateFiles = (): Record<"client-certificate" | "client-key", string> => ({
    "client-certificate": path.join(plane.folder, "alice.crt"),
    "client-key": path.join(plane.folder, "alice.key"),
  });
  const base64 = (file: string): Promise<string> => readFile(file, "base64");

  it.each([
    ["a token", () => ({ token: plane.token("alice") })],
    ["a token file", async () => ({ tokenFile: await write("token", `${plane.token("alice")}\n`) })],
    ["a client certificate in files", () => certificateFiles()],
    [
      "a client certificate inline",
      async () => {
        const { "client-certificate": cert, "client-key": key } = certificateFiles();
        return { "client-certificate-data": await base64(cert), "client-key-data": await base64(key) };
      },
    ],
    [
      "an exec plugin",
      async () => {
        const status = { token: plane.token("alice") };
        const credential = { apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status };
        await write("login", `#!/bin/sh\necho '${JSON.stringify(credential)}'\n`);
        return { exec: { apiVersion: credential.apiVersion, command: "./login", interactiveMode: "Never" } };
      },
    ],
  ])("%s", async (_name, user) => {
    expect(await whoAmI(await connectAs(await user()))).toBe("alice");
  });

  it("several files of KUBECONFIG, each with a part", async () => {
    const files = await Promise.all([
      write("context", { "current-context": "x", contexts }),
      write("cluster", { clusters: clusters(), users: users({ token: plane.token("alice") }) }),
      // Whatever an earlier file says, it has said.
      write("later", { "current-context": "y", users: users({ token: plane.token("admin") }) }),
    ]);
    const connection = await connectBy({ env: { KUBECONFIG: files.join(path.delimiter) } });
    expect(await whoAmI(connection)).toBe("alice");
  });

  it("the service account of a pod, with a token that the API server has issued", async () => {
    const { body } = await plane.request(
      "POST",
      `/api/v1/namespaces/${ns}/serviceaccounts/${serviceAccount}/token`,
      { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 600 } },
    );
    const { token } = (body as { status: { token: string } }).status;
    const serviceAccountFolder = await mkdtemp(path.join(folder, "sa-"));
    const inside = path.basename(serviceAccountFolder);
    await write(path.join(inside, "token"), token);
    await write(path.join(inside, "ca.crt"), plane.parts.ca);
    const env = { KUBERNETES_SERVICE_HOST: "127.0.0.1", KUBERNETES_SERVICE_PORT: String(proxy.port) };
    const connection = await connectBy({ env, serviceAccountFolder });
    expect(await whoAmI(connection)).toBe(`system:serviceaccount:${ns}:${serviceAccount}`);
  });

  it("a token that nobody has is refused, and the answer says so", async () => {
    expect(await whoAmI(await connectAs({ token: "stolen" }))).toBe(401);
  });
});

describe("a token file that rotates", () => {
  it("is followed within a minute, by default and on the same connection", async () => {
    const tokenFile = await write("rotating", plane.token("alice"));
    vi.useFakeTimers({ toFake: ["performance"] });
    onTestFinished(() => void vi.useRealTimers());
    const connection = await connectAs({ tokenFile });
    expect(await whoAmI(connection)).toBe("alice");
    await write("rotating", plane.token("operator"));
    const { connections } = await cost(async () => {
      // The old token is still good, so nothing but its age can make us look.
      expect(await whoAmI(connection)).toBe("alice");
      vi.advanceTimersByTime(59_000);
      expect(await whoAmI(connection)).toBe(identities.operator.user);
    });
    expect(connections).toBe(0);
  });

  it("is followed at once when the old token is refused", async () => {
    const tokenFile = await write("revoked", "revoked");
    const connection = await connectAs({ tokenFile });
    expect(await whoAmI(connection)).toBe(401);
    await write("revoked", plane.token("alice"));
    expect(await whoAmI(connection)).toBe("alice");
  });
});

const collection = `/apis/cocoonset.cocoonstack.io/v1/namespaces/${ns}/cocoonsets`;

async function createSet(name: string): Promise<CocoonSet> {
  const { status, body } = await plane.request("POST", collection, {
    apiVersion: "cocoonset.cocoonstack.io/v1",
    kind: "CocoonSet",
    metadata: { name },
    spec: { agent: { image: "ghcr.io/cocoonstack/cocoon/ubuntu:24.04", storage: "20Gi" } },
  });
  expect(status).toBe(201);
  return decodeUnstructured(body, "CocoonSet");
}

const stored = async (name: string): Promise<CocoonSet> =>
  decodeUnstructured((await plane.request("GET", `${collection}/${name}`)).body, "CocoonSet");

const failure = async (promise: Promise<unknown>): Promise<ApiError> => {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  if (!(error instanceof ApiError)) throw new Error("no ApiError", { cause: error });
  return error;
};

describe("patchStatus", () => {
  const ready = newReadyCondition("True", "AllAgentsReady", "", 1);

  it("writes what changed, and sends nothing when nothing did", async () => {
    const connection = await connectAsAdmin();
    const set = await createSet("changes");
    const running = await patchStatus(connection, set, (status) => {
      status.phase = "Running";
      status.agents = [{ role: "main", slot: 0 }];
      setStatusCondition((status.conditions ??= []), ready);
    });
    expect(running).toEqual(await stored("changes"));
    expect(running).toMatchObject({
      spec: set.spec,
      status: {
        phase: "Running",
        conditions: [{ ...ready, lastTransitionTime: expect.any(String) as string }],
      },
    });

    const again = await cost(async () => {
      const same = await patchStatus(connection, running, (status) => {
        status.phase = "Running";
        setStatusCondition((status.conditions ??= []), ready, new Date(0));
      });
      expect(same).toBe(running);
    });
    expect(again).toEqual({ connections: 0, bytes: 0 });

    await patchStatus(connection, running, (status) => {
      delete status.phase;
    });
    const { status } = await stored("changes");
    expect(status).toEqual({ agents: running.status?.agents, conditions: running.status?.conditions });
  });

  it("loses no change of somebody else: a conflict where it is asked for, the difference alone otherwise", async () => {
    const connection = await connectAsAdmin();
    const stale = await createSet("conflict");
    await patchStatus(connection, stale, (status) => void (status.readyAgents = 1), { optimisticLock: true });

    const error = await failure(
      patchStatus(connection, stale, (status) => void (status.phase = "Failed"), { optimisticLock: true }),
    );
    expect(error).toMatchObject({ status: 409, reason: "Conflict", details: { name: "conflict" } });
    expect(error.message).toMatch(
      /^PATCH \S+\/conflict\/status: Conflict \(status 409\): .*has been modified/,
    );

    await patchStatus(connection, stale, (status) => void (status.phase = "Scaling"));
    expect((await stored("conflict")).status).toEqual({ readyAgents: 1, phase: "Scaling" });
  });

  it("says what the API server refuses", async () => {
    const connection = await connectAsAdmin();
    const set = await createSet("refused");
    const change = (status: object): void => void Object.assign(status, { phase: "Dreaming" });
    expect(await failure(patchStatus(connection, set, change))).toMatchObject({
      status: 422,
      reason: "Invalid",
      details: {
        causes: expect.arrayContaining([expect.objectContaining({ field: "status.phase" })]) as unknown,
      },
    });
    const gone = { ...set, metadata: { ...set.metadata, name: "gone" } };
    expect(await failure(patchStatus(connection, gone, change))).toMatchObject({
      status: 404,
      reason: "NotFound",
    });
    const alice = await connectAs({ token: plane.token("alice") });
    expect(await failure(patchStatus(alice, set, change))).toMatchObject({
      status: 403,
      reason: "Forbidden",
    });
  });
});

describe("annotations of a pod", () => {
  interface Pod {
    readonly metadata: {
      readonly name: string;
      readonly namespace: string;
      readonly annotations?: Record<string, string>;
    };
  }
  const pods = `/api/v1/namespaces/${ns}/pods`;
  const create = async (name: string, annotations?: object): Promise<Pod> => {
    const made = await plane.request("POST", pods, pod(name, { annotations, tolerations: [] }));
    expect(made.status).toBe(201);
    return made.body as Pod;
  };

  it.each([undefined, { other: "stays" }])("hibernation, onto %j", async (others) => {
    const connection = await connectAsAdmin();
    const fresh = await create(`hibernating-${others === undefined ? "bare" : "annotated"}`, others);
    const asleep = await patchHibernateState(connection, fresh, true);
    expect(asleep.metadata.annotations).toEqual({ ...others, "vm.cocoonstack.io/hibernate": "true" });
    const awake = await patchHibernateState(connection, asleep, false);
    expect(awake.metadata.annotations).toEqual(others);
    const idle = await cost(async () => {
      expect(await patchHibernateState(connection, asleep, true)).toBe(asleep);
      expect(await patchHibernateState(connection, awake, false)).toBe(awake);
    });
    expect(idle).toEqual({ connections: 0, bytes: 0 });
  });

  it("the generation of the CocoonSet", async () => {
    const connection = await connectAsAdmin();
    const fresh = await create("stamped");
    const stamped = await patchCocoonSetGeneration(connection, fresh, 4);
    expect(stamped.metadata.annotations).toEqual({ "cocoonset.cocoonstack.io/generation": "4" });
    const idle = await cost(async () => {
      expect(await patchCocoonSetGeneration(connection, stamped, 4)).toBe(stamped);
      expect(await patchCocoonSetGeneration(connection, fresh, 0)).toBe(fresh);
    });
    expect(idle).toEqual({ connections: 0, bytes: 0 });
    const next = await patchCocoonSetGeneration(connection, stamped, 5);
    expect(next.metadata.annotations).toEqual({ "cocoonset.cocoonstack.io/generation": "5" });
  });

  it("a pod that is gone is an error that says so", async () => {
    const connection = await connectAsAdmin();
    const gone = { metadata: { namespace: ns, name: "gone" } };
    const error = await failure(patchHibernateState(connection, gone, true));
    expect(error).toMatchObject({ status: 404, reason: "NotFound", details: { name: "gone", kind: "pods" } });
  });
});
