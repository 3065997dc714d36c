import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { ensureHelm } from "../helm/ensure-helm.js";
import { containerOf, deploymentOf, environmentOf } from "../support/container.js";
import { comparable, find, type KubernetesObject, render } from "../support/rendered.js";
import { sharedControlPlane } from "../support/shared-control-plane.js";

const plane = sharedControlPlane();
const repository = path.resolve(import.meta.dirname, "../..");

/** The chart of a program, by its name. */
type Chart = "cocoon-webhook" | "cocoon-operator";

const helm = await ensureHelm();
if (!helm.available && process.env["CI"] === "true") throw new Error(`${helm.reason}; ${helm.wayOut}`);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "cocoon-chart-"));
  return () => rm(folder, { recursive: true });
});

const run = (args: readonly string[]): Promise<{ readonly stdout: string }> =>
  promisify(execFile)(helm.available ? helm.executable : "helm", args);

const folderOf = (chart: Chart): string => path.join(repository, "charts", chart);

/** What the webhook's chart gives with these values. */
const template = (values: object, namespace?: string): Promise<readonly KubernetesObject[]> =>
  templateOf("cocoon-webhook", values, namespace);

/** What a chart gives with these values. */
async function templateOf(
  chart: Chart,
  values: object,
  namespace = "cocoon-system",
): Promise<readonly KubernetesObject[]> {
  const file = path.join(folder, "values.json");
  await writeFile(file, JSON.stringify(values));
  const where = ["--namespace", namespace, "--kube-version", "1.35.0", "--include-crds"];
  const { stdout } = await run(["template", "release", folderOf(chart), ...where, "--values", file]);
  return parseAllDocuments(stdout)
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null);
}

/** Objects as a chart gives them: helm makes namespaces itself. */
const withoutNamespace = (objects: readonly KubernetesObject[]): readonly KubernetesObject[] =>
  comparable(objects.filter(({ kind }) => kind !== "Namespace"));

/** What both charts give: they bring the same CRDs, of which helm leaves those alone that are there. */
async function both(source: string, namespace: string): Promise<readonly KubernetesObject[]> {
  const webhook = await template({ certificates: { source } }, namespace);
  const operator = await templateOf("cocoon-operator", {}, namespace);
  const crds = ({ kind }: KubernetesObject): boolean => kind === "CustomResourceDefinition";
  expect(operator.filter(crds)).toEqual(webhook.filter(crds));
  return [...webhook, ...operator.filter((object) => !crds(object))];
}

// Elsewhere than in CI, whoever has no Go has HELM to name one by.
describe.skipIf(!helm.available)("the charts", () => {
  it.each([
    ["selfManaged", "config/self-managed", "cocoon-system"],
    ["certManager", "config/default", "cocoon-system"],
    ["certManager", "examples/overlay-namespace", "vm-platform"],
  ])("give with certificates.source %s what %s gives", async (source, kustomization, namespace) => {
    const { objects } = await render(plane, kustomization);
    expect(withoutNamespace(await both(source, namespace))).toEqual(withoutNamespace(objects));
  });

  it.each(["cocoon-webhook", "cocoon-operator"] as const)("%s passes helm's own lint", async (chart) => {
    await expect(run(["lint", "--strict", folderOf(chart)])).resolves.toBeDefined();
  });
});

describe.skipIf(!helm.available)("the webhook's chart", () => {
  it("gives what config/base gives with the component for a Secret of one's own", async () => {
    const kustomization = {
      resources: [path.relative(folder, path.join(repository, "config/base"))],
      components: [path.relative(folder, path.join(repository, "config/components/certificate-secret"))],
    };
    await writeFile(path.join(folder, "kustomization.yaml"), JSON.stringify(kustomization));
    const { objects } = await render(plane, path.relative(repository, folder));
    const rendered = await template({ certificates: { source: "secret" } });
    expect(withoutNamespace(rendered)).toEqual(withoutNamespace(objects));
  });

  it("gives what examples/overlay-guarded gives with client certificates and a NetworkPolicy", async () => {
    const values = {
      certificates: { source: "certManager" },
      clientCertificates: { configMapName: "cocoon-webhook-client-ca" },
      networkPolicy: { enabled: true },
    };
    const operator = await templateOf("cocoon-operator", { networkPolicy: { enabled: true } });
    const parts = operator.filter(({ kind }) => kind !== "CustomResourceDefinition");
    const { objects } = await render(plane, "examples/overlay-guarded");
    expect(withoutNamespace([...(await template(values)), ...parts])).toEqual(withoutNamespace(objects));
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
});

describe.skipIf(!helm.available)("the operator's chart", () => {
  const operator = (values: object): Promise<readonly KubernetesObject[]> =>
    templateOf("cocoon-operator", values);

  it("takes every value to its place", async () => {
    const objects = await operator({
      image: { repository: "registry.example.com/operator", tag: "x", pullPolicy: "Always" },
      imagePullSecrets: [{ name: "pull" }],
      replicas: 3,
      registry: { address: "registry.example.com/vms", secretName: "credentials" },
      env: { OPERATOR_LOG_LEVEL: "debug" },
      resources: { limits: { memory: "1Gi" } },
      priorityClassName: "system-cluster-critical",
      nodeSelector: { pool: "control" },
      tolerations: [{ key: "control", operator: "Exists" }],
    });
    const { spec } = deploymentOf(objects, "cocoon-operator");
    expect(spec).toMatchObject({ replicas: 3 });
    expect(spec.template.spec).toMatchObject({
      imagePullSecrets: [{ name: "pull" }],
      nodeSelector: { pool: "control" },
      priorityClassName: "system-cluster-critical",
      tolerations: [{ key: "control", operator: "Exists" }],
      volumes: [{ secret: { secretName: "credentials" } }],
    });
    const container = containerOf(objects, "cocoon-operator");
    expect(container).toMatchObject({
      image: "registry.example.com/operator:x",
      imagePullPolicy: "Always",
      resources: { limits: { memory: "1Gi" } },
    });
    expect(container).not.toHaveProperty("envFrom");
    expect(environmentOf(objects, "cocoon-operator")).toEqual({
      POD_NAMESPACE: "cocoon-system",
      HOME: "/etc/cocoon/registry",
      OCI_REGISTRY: "registry.example.com/vms",
      OPERATOR_LOG_LEVEL: "debug",
    });
  });

  it("asks for the ConfigMap of another name", async () => {
    const objects = await operator({ registry: { configMapName: "vms" } });
    expect(containerOf(objects, "cocoon-operator").envFrom).toEqual([{ configMapRef: { name: "vms" } }]);
  });

  it("lets the operator reach the ports that its registry is at", async () => {
    const objects = await operator({ networkPolicy: { enabled: true, egressPorts: [5000, 8443] } });
    const { spec } = find(objects, "NetworkPolicy", "cocoon-operator") as KubernetesObject & {
      readonly spec: { readonly egress: readonly { readonly ports: readonly object[] }[] };
    };
    expect(spec.egress[0]?.ports).toEqual([443, 6443, 5000, 8443].map((port) => ({ port })));
  });

  it.each([
    [{ replica: 3 }, "replica"],
    [{ replicas: 0 }, "replicas"],
    [{ networkPolicy: { egressPorts: ["http"] } }, "egressPorts/0"],
    [{ networkPolicy: { egressPorts: [70_000] } }, "egressPorts/0"],
    [{ registry: { address: "a b" } }, "registry/address"],
    [{ registry: { configMapName: "" } }, "registry/configMapName"],
    [{ env: { OCI_REGISTRY: "a" } }, "OCI_REGISTRY"],
    [{ env: { LEADER_ELECT: "false" } }, "LEADER_ELECT"],
    [{ env: { METRICS_ADDR: ":9090" } }, "METRICS_ADDR"],
    [{ env: { PROBE_ADDR: ":9091" } }, "PROBE_ADDR"],
    [{ env: { KUBECONFIG: "/tmp/config" } }, "KUBECONFIG"],
    [{ env: { COCOONSET_CONCURRENCY: 5 } }, "COCOONSET_CONCURRENCY"],
  ])("refuses %j", async (values, named) => {
    await expect(operator(values)).rejects.toThrow(named);
  });
});
