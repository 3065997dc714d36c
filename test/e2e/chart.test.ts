import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { ensureHelm } from "../helm/ensure-helm.js";
import { containerOf, deploymentOf, environmentOf } from "../support/container.js";
import { find, type KubernetesObject, render } from "../support/rendered.js";
import { sharedControlPlane } from "../support/shared-control-plane.js";

const plane = sharedControlPlane();
const repository = path.resolve(import.meta.dirname, "../..");
const chart = path.join(repository, "charts/cocoon-webhook");

const helm = await ensureHelm();
if (helm === undefined && process.env["CI"] === "true") throw new Error("there is no Go to build helm with");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "cocoon-chart-"));
  return () => rm(folder, { recursive: true });
});

const run = (args: readonly string[]): Promise<{ readonly stdout: string }> =>
  promisify(execFile)(helm ?? "helm", args);

/** What the chart gives with these values. */
async function template(values: object, namespace = "cocoon-system"): Promise<readonly KubernetesObject[]> {
  const file = path.join(folder, "values.json");
  await writeFile(file, JSON.stringify(values));
  const where = ["--namespace", namespace, "--kube-version", "1.35.0", "--include-crds"];
  const { stdout } = await run(["template", "release", chart, ...where, "--values", file]);
  return parseAllDocuments(stdout)
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null);
}

/** Objects in an order of their own; helm makes namespaces itself. */
const comparable = (objects: readonly KubernetesObject[]): readonly KubernetesObject[] =>
  objects
    .filter(({ kind }) => kind !== "Namespace")
    .sort((a, b) => (`${a.kind} ${a.metadata.name}` < `${b.kind} ${b.metadata.name}` ? -1 : 1));

// Elsewhere than in CI, whoever has no Go has HELM to name one by.
describe.skipIf(helm === undefined)("the chart", () => {
  it.each([
    ["selfManaged", "config/self-managed", "cocoon-system"],
    ["certManager", "config/default", "cocoon-system"],
    ["certManager", "examples/overlay-namespace", "vm-platform"],
  ])("gives with certificates.source %s what %s gives", async (source, kustomization, namespace) => {
    const objects = await template({ certificates: { source } }, namespace);
    expect(comparable(objects)).toEqual(comparable((await render(plane, kustomization)).objects));
  });

  it("gives what config/base gives with the component for a Secret of one's own", async () => {
    const kustomization = {
      resources: [path.relative(folder, path.join(repository, "config/base"))],
      components: [path.relative(folder, path.join(repository, "config/components/certificate-secret"))],
    };
    await writeFile(path.join(folder, "kustomization.yaml"), JSON.stringify(kustomization));
    const { objects } = await render(plane, path.relative(repository, folder));
    expect(comparable(await template({ certificates: { source: "secret" } }))).toEqual(comparable(objects));
  });

  it("gives what examples/overlay-guarded gives with client certificates and a NetworkPolicy", async () => {
    const values = {
      certificates: { source: "certManager" },
      clientCertificates: { configMapName: "cocoon-webhook-client-ca" },
      networkPolicy: { enabled: true },
    };
    const { objects } = await render(plane, "examples/overlay-guarded");
    expect(comparable(await template(values))).toEqual(comparable(objects));
  });

  it("publishes the authority of a Secret of one's own", async () => {
    const objects = await template({ certificates: { source: "secret", caBundle: "PEM" } });
    const { webhooks } = find(objects, "ValidatingWebhookConfiguration") as KubernetesObject & {
      readonly webhooks: readonly { readonly clientConfig: { readonly caBundle?: string } }[];
    };
    const bundles = webhooks.map(({ clientConfig }) => clientConfig.caBundle);
    expect(new Set(bundles)).toEqual(new Set([Buffer.from("PEM").toString("base64")]));
  });

  it("takes every other value to its place", async () => {
    const objects = await template({
      image: { repository: "registry.example.com/webhook", tag: "x", pullPolicy: "Always" },
      imagePullSecrets: [{ name: "pull" }],
      replicas: 3,
      podCreators: ["a", "b"],
      certificates: { secretName: "other" },
      clientCertificates: { configMapName: "clients", names: ["a", "b"] },
      env: { WEBHOOK_LOG_LEVEL: "debug" },
      resources: { limits: { memory: "1Gi" } },
      priorityClassName: "",
      nodeSelector: { pool: "control" },
      tolerations: [{ key: "control", operator: "Exists" }],
    });
    const { spec } = deploymentOf(objects);
    expect(spec).toMatchObject({ replicas: 3 });
    expect(spec.template.spec).toMatchObject({
      imagePullSecrets: [{ name: "pull" }],
      nodeSelector: { pool: "control" },
      tolerations: [{ key: "control", operator: "Exists" }],
    });
    expect(spec.template.spec).not.toHaveProperty("priorityClassName");
    expect(objects.map(({ kind }) => kind)).not.toContain("ResourceQuota");
    expect(containerOf(objects)).toMatchObject({
      image: "registry.example.com/webhook:x",
      imagePullPolicy: "Always",
      resources: { limits: { memory: "1Gi" } },
    });
    expect(environmentOf(objects)).toEqual({
      CLIENT_CA: "/etc/cocoon/webhook/clients/ca.crt",
      CLIENT_NAMES: "a,b",
      POD_NAMESPACE: "cocoon-system",
      POD_CREATORS: "a,b",
      TLS_SECRET: "cocoon-system/other",
      WEBHOOK_LOG_LEVEL: "debug",
    });
    expect(find(objects, "Role", "cocoon-webhook-certificates")).toMatchObject({
      rules: [{ resourceNames: ["other"] }],
    });
  });

  it.each([
    [{ certificates: { source: "none" } }, "certificates/source"],
    [{ replica: 3 }, "replica"],
    [{ replicas: 0 }, "replicas"],
    [{ podCreators: ["a,b"] }, "podCreators"],
    [{ env: { POD_CREATORS: "a" } }, "POD_CREATORS"],
    [{ env: { CLIENT_CA: "a" } }, "CLIENT_CA"],
    [{ clientCertificates: { names: ["a"] } }, "configMapName"],
    [{ env: { MAX_IN_FLIGHT: 5 } }, "MAX_IN_FLIGHT"],
  ])("refuses %j", async (values, named) => {
    await expect(template(values)).rejects.toThrow(named);
  });

  it("passes helm's own lint", async () => {
    await expect(run(["lint", "--strict", chart])).resolves.toBeDefined();
  });
});
