import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import {
  defaultMinor,
  ensureAssets,
  StartError,
  startControlPlane,
  type Assets,
  type ControlPlane,
  type KnownIdentity,
} from "../controlplane/index.js";
import { sharedControlPlane } from "../support/shared-control-plane.js";

/** The command lines of all running processes that contain `text`. */
async function commandsWith(text: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "stat=,args="]);
  return stdout.split("\n").filter((line) => line.includes(text) && !line.startsWith("Z"));
}

let assets: Assets;
let plane: ControlPlane<KnownIdentity | "carol">;

beforeAll(async () => {
  const result = await ensureAssets();
  if (!result.available) throw new Error(`${result.reason}: ${result.wayOut}`);
  assets = result.assets;
  plane = await startControlPlane({
    assets,
    controllers: ["deployment-controller", "replicaset-controller"],
    identities: { carol: { user: "carol@example.com", groups: ["night-shift"] } },
  });
});

afterAll(async () => {
  await plane.stop();
});

describe("identities", () => {
  it.each([
    ["admin", "admin", ["system:masters"]],
    ["alice", "alice", ["developers"]],
    [
      "operator",
      "system:serviceaccount:cocoon-system:cocoon-operator",
      ["system:serviceaccounts", "system:serviceaccounts:cocoon-system"],
    ],
    [
      "webhook",
      "system:serviceaccount:cocoon-system:cocoon-webhook",
      ["system:serviceaccounts", "system:serviceaccounts:cocoon-system"],
    ],
    ["controllerManager", "system:kube-controller-manager", []],
    ["carol", "carol@example.com", ["night-shift"]],
  ] as const)("%s is who they say they are", async (identity, username, groups) => {
    const { code, stdout } = await plane.kubectl(["auth", "whoami", "-o", "json"], { as: identity });
    expect(code).toBe(0);
    const review = JSON.parse(stdout) as { status: { userInfo: unknown } };
    expect(review.status.userInfo).toMatchObject({ username, groups: [...groups, "system:authenticated"] });
  });

  it("may do what RBAC lets them", async () => {
    const { code, stderr } = await plane.kubectl(["create", "namespace", "hers"], { as: "alice" });
    expect(code).toBe(1);
    expect(stderr).toContain('User "alice" cannot create resource "namespaces"');
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "hers" } };
    const asAlice = await plane.request("POST", "/api/v1/namespaces", namespace, { as: "alice" });
    expect(asAlice).toMatchObject({ status: 403, body: { kind: "Status", reason: "Forbidden" } });
    const asAdmin = await plane.request("POST", "/api/v1/namespaces", namespace);
    expect(asAdmin).toMatchObject({ status: 201, body: { metadata: { name: "hers" } } });
  });
});

describe("its version", () => {
  interface Version {
    readonly gitVersion: string;
    readonly major: string;
    readonly minor: string;
  }

  // Read here from the environment, and not from what the control plane was started with: that is what may have gone astray.
  const asked = process.env["COCOON_KUBERNETES"] ?? "";
  const assetsAreNamed = (process.env["KUBEBUILDER_ASSETS"] ?? "") !== "";

  // A folder that KUBEBUILDER_ASSETS names has the version that it has.
  it.skipIf(assetsAreNamed).each([
    ["the tests' own", () => plane],
    ["the one that all files share", sharedControlPlane],
  ])("is the one that was asked for: %s", async (_, get) => {
    const { body } = await get().request("GET", "/version");
    const { gitVersion, major, minor } = body as Version;
    expect(`${major}.${minor}`).toBe(asked === "" ? defaultMinor : asked);
    expect(gitVersion).toMatch(new RegExp(`^v${major}\\.${minor}\\.\\d+$`));
  });

  it("is that of kubectl, too", async () => {
    const { stdout } = await plane.kubectl(["version", "-o", "json"]);
    const { clientVersion, serverVersion } = JSON.parse(stdout) as Record<
      `${"client" | "server"}Version`,
      Version
    >;
    expect(serverVersion.gitVersion).toMatch(/^v1\.\d+\.\d+/);
    expect(serverVersion.gitVersion).toBe(clientVersion.gitVersion);
  });
});

it("takes a patch by its media type", async () => {
  const patch = { metadata: { labels: { team: "a" } } };
  const contentType = "application/merge-patch+json";
  const answer = await plane.request("PATCH", "/api/v1/namespaces/default", patch, { contentType });
  expect(answer).toMatchObject({ status: 200, body: { metadata: { labels: { team: "a" } } } });
});

it("runs controllers: a Deployment gets its ReplicaSet, and that its pod", async () => {
  const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: web }] }
`;
  await expect(plane.kubectl(["apply", "-f", "-"], { stdin: deployment })).resolves.toMatchObject({
    code: 0,
  });
  const pods = "/api/v1/namespaces/default/pods?labelSelector=app%3Dweb";
  await expect
    .poll(() => plane.request("GET", pods))
    .toMatchObject({ body: { items: [{ metadata: { ownerReferences: [{ kind: "ReplicaSet" }] } }] } });
});

it("leaves nothing behind when it is stopped", async () => {
  expect(await commandsWith(plane.folder)).toHaveLength(4);
  await plane.stop();
  // Once more is allowed, as a test and its runner may both do it.
  await plane.stop();
  expect(await commandsWith(plane.folder)).toEqual([]);
  expect(existsSync(plane.folder)).toBe(false);
});

describe("a start", () => {
  // A folder of its own: other control planes may be running at the same time.
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "controlplane-test-"));
    vi.stubEnv("TMPDIR", folder);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  it("that fails says why, and leaves nothing behind", async () => {
    const started = startControlPlane({ assets, controllers: ["no-such-controller"] });
    const error: unknown = await started.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StartError);
    expect(String(error)).toContain("kube-controller-manager ended with code 1 before it was ready");
    expect(String(error)).toContain('"no-such-controller\\" is not in the list of known controllers');
    expect(await commandsWith(folder)).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  it("that takes too long says what was still amiss", async () => {
    const started = startControlPlane({ assets, timeoutMs: 200 });
    await expect(started).rejects.toThrow(
      /^kube-apiserver did not become ready in time: .*Its last lines:\n/s,
    );
    expect(await commandsWith(folder)).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  it("takes other ports when somebody else was faster", async () => {
    const etcd = path.join(folder, "etcd-whose-port-is-taken-once");
    const script = `[ -e "$0.again" ] && exec ${assets.etcd} "$@"; touch "$0.again"; echo "bind: address already in use"; exit 1`;
    await writeFile(etcd, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    await using second = await startControlPlane({ assets: { ...assets, etcd } });
    await expect(second.request("GET", "/readyz")).resolves.toEqual({ status: 200, body: "ok" });
  });
});
