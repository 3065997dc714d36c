import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseDurationNs } from "@cocoonstack/common/k8s";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { options as operatorOptions } from "../../packages/operator/src/config/index.js";
import { options } from "../../packages/webhook/src/config/index.js";
import { containerOf, deploymentOf, environmentOf } from "../support/container.js";
import { untilEstablished } from "../support/established.js";
import { namespace } from "../support/objects.js";
import { apply, must } from "../support/registered-webhook.js";
import { comparable, find, render, type Rendered } from "../support/rendered.js";
import { sharedControlPlane } from "../support/shared-control-plane.js";

const plane = sharedControlPlane();
const repository = path.resolve(import.meta.dirname, "../..");
const certManager = path.join(repository, "test/data/cert-manager-crds.yaml");

/** Every folder below `config` that builds on its own: components do not, they change what others give. */
const folders = readdirSync(path.join(repository, "config"), { recursive: true, encoding: "utf8" })
  .filter((file) => path.basename(file) === "kustomization.yaml" && !file.startsWith("components"))
  .map((file) => path.join("config", path.dirname(file)));

/** What is installed as it is, by the namespace that it lies in. */
const installations = [
  ["config/default", "cocoon-system"],
  ["config/self-managed", "cocoon-system"],
  ["examples/overlay-namespace", "vm-platform"],
  ["examples/overlay-guarded", "cocoon-system"],
] as const;

const programs = [
  ["cocoon-webhook", "webhook"],
  ["cocoon-operator", "operator"],
] as const;

describe.each(folders)("%s", (folder) => {
  it("builds", async () => {
    expect((await render(plane, folder)).objects.length).toBeGreaterThan(0);
  });
});

describe.each(installations)("%s", (folder, ns) => {
  let rendered: Rendered;
  beforeAll(async () => {
    rendered = await render(plane, folder);
  });

  it("gives what the snapshot holds, besides the CRDs", async () => {
    const documents = rendered.yaml
      .split(/^---\n/m)
      .filter((text) => !/^kind: CustomResourceDef/m.test(text));
    await expect(documents.join("---\n")).toMatchFileSnapshot(
      `__snapshots__/${folder.replaceAll("/", "-")}.yaml`,
    );
  });

  it("holds the CRDs as config/crd has them", async () => {
    const crds = rendered.objects.filter(({ kind }) => kind === "CustomResourceDefinition");
    expect(crds).toEqual((await render(plane, "config/crd")).objects);
  });

  it("lies in its namespace, and names no other", () => {
    const namespaces = rendered.objects.flatMap(({ metadata }) => metadata.namespace ?? []);
    expect(new Set(namespaces)).toEqual(new Set([ns]));
    find(rendered.objects, "Namespace", ns);
    expect(rendered.yaml.includes("cocoon-system")).toBe(ns === "cocoon-system");
    expect(environmentOf(rendered.objects)["POD_CREATORS"]).toBe(
      `system:serviceaccount:${ns}:cocoon-operator`,
    );
  });

  it.each(programs)("runs %s in the version of its package", (name, folder) => {
    const { version } = JSON.parse(
      readFileSync(path.join(repository, `packages/${folder}/package.json`), "utf8"),
    ) as { version: string };
    expect(containerOf(rendered.objects, name).image).toBe(`ghcr.io/cocoonstack/${name}:${version}`);
  });

  it.each(programs)("finds the pods of %s by every selector", (name) => {
    const { selector, template } = deploymentOf(rendered.objects, name).spec;
    const labels = template.metadata.labels;
    expect(labels).toMatchObject(selector.matchLabels);
    expect(find(rendered.objects, "Service", name)).toMatchObject({ spec: { selector: labels } });
    expect(find(rendered.objects, "PodDisruptionBudget", name)).toMatchObject({ spec: { selector } });
    const spread = template.spec.topologySpreadConstraints.map(({ labelSelector }) => labelSelector);
    expect(spread).toEqual([selector, selector]);
  });

  it("has the operator's Lease in its own namespace, and its registry from where people say it", () => {
    const { HOME: home, ...env } = environmentOf(rendered.objects, "cocoon-operator");
    expect(env).toEqual({ [operatorOptions.leaseNamespace.env]: ns });
    const { envFrom, volumeMounts } = containerOf(rendered.objects, "cocoon-operator");
    expect(envFrom).toEqual([{ configMapRef: { name: "cocoon-registry" } }]);
    expect(volumeMounts).toEqual([{ name: "registry", mountPath: home, readOnly: true }]);
  });

  it("knows the operator's ports", () => {
    const { ports } = containerOf(rendered.objects, "cocoon-operator");
    const { metricsAddr, probeAddr } = operatorOptions;
    expect(ports.map(({ name, containerPort }) => [name, `:${containerPort}`])).toEqual([
      ["metrics", metricsAddr.fallback],
      ["probes", probeAddr.fallback],
    ]);
  });

  it("leaves a replica time to drain", () => {
    const env = environmentOf(rendered.objects);
    const seconds = [options.drainDelayMs, options.shutdownTimeoutMs].map(
      (option) => Number(parseDurationNs(env[option.env] ?? option.fallback ?? "")) / 1e9,
    );
    const { terminationGracePeriodSeconds } = deploymentOf(rendered.objects).spec.template.spec;
    expect(terminationGracePeriodSeconds).toBeGreaterThan(seconds.reduce((sum, one) => sum + one, 0));
  });
});

describe("examples/overlay-webhook-alone", () => {
  it("is config/self-managed without config/operator", async () => {
    const [alone, operator, whole] = await Promise.all(
      ["examples/overlay-webhook-alone", "config/operator", "config/self-managed"].map((folder) =>
        render(plane, folder),
      ),
    );
    const both = [...(alone?.objects ?? []), ...(operator?.objects ?? [])];
    expect(comparable(both)).toEqual(comparable(whole?.objects ?? []));
  });
});

describe("examples/overlay-registry", () => {
  it("gives the operator a registry, under a name that changes with it", async () => {
    const { objects } = await render(plane, "examples/overlay-registry");
    const [reference] = containerOf(objects, "cocoon-operator").envFrom ?? [];
    const name = reference?.configMapRef.name ?? "";
    expect(name).toMatch(/^cocoon-registry-\w{10}$/);
    expect(find(objects, "ConfigMap", name)).toMatchObject({
      metadata: { namespace: "cocoon-system" },
      data: { OCI_REGISTRY: "registry.example.com/vms" },
    });
  });
});

describe("an API server", () => {
  const strict = "config-e2e-strict";

  beforeAll(async () => {
    await must(plane.kubectl(["apply", "-f", certManager]));
    await untilEstablished(plane);
    await apply(plane, ...["cocoon-system", "vm-platform", strict].map(namespace));
    await must(
      plane.kubectl(["label", "namespace", strict, "pod-security.kubernetes.io/enforce=restricted"]),
    );
  });
  afterAll(async () => {
    await plane.kubectl(["delete", "-f", certManager]);
    await plane.kubectl(["delete", "namespace", "vm-platform", strict, "--wait=false"]);
  });

  it.each(installations)("accepts %s, every field of it", async (folder) => {
    const { yaml, objects } = await render(plane, folder);
    const args = ["apply", "--dry-run=server", "--validate=strict", "-f", "-"];
    const { code, stdout, stderr } = await plane.kubectl(args, { stdin: yaml });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout.match(/\(server dry run\)$/gm)).toHaveLength(objects.length);
  });

  it.each(installations)("admits the pods of %s where Pod Security is at its strictest", async (folder) => {
    const { objects } = await render(plane, folder);
    for (const [name] of programs) {
      const { template } = deploymentOf(objects, name).spec;
      const create = (more: object): ReturnType<typeof plane.kubectl> =>
        plane.kubectl(["-n", strict, "create", "--dry-run=server", "-f", "-"], {
          stdin: JSON.stringify({
            ...{ apiVersion: "v1", kind: "Pod", metadata: { name } },
            spec: { ...template.spec, ...more },
          }),
        });
      expect(await create({})).toMatchObject({ code: 0 });
      expect((await create({ hostNetwork: true })).stderr).toContain(`violates PodSecurity "restricted`);
    }
  });
});
