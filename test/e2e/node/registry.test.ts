import { vmAnnotations } from "@cocoonstack/common/meta";
import { expect, it } from "vitest";
import { NodeProcess } from "../../support/node/node-process.js";
import { podsOnNodes } from "../../support/node/pods-on-nodes.js";
import { ensureRegistry } from "../../registry/ensure-registry.js";
import { startRegistry } from "../../registry/start-registry.js";

const { plane, pods } = podsOnNodes("node-registry");
const generation = "cocoonset.cocoonstack.io/generation";
const { hibernate } = vmAnnotations;
const registry = await ensureRegistry();

const note = registry.available ? "" : ` (${registry.reason}: ${registry.wayOut})`;

it.skipIf(!registry.available)(
  `a node agent keeps the state of VMs in a real registry, as its readers expect it${note}`,
  async () => {
    await using server = await startRegistry();
    const args = ["--name", "registered", "--pool", "registered", "--registry", `${server.url}/vms`];
    await using agent = await NodeProcess.start(args, { KUBECONFIG: plane.kubeconfig("admin") });
    const manifest = async (tag: string): Promise<{ readonly digest: unknown; readonly body: unknown }> => {
      const url = `${server.url}/v2/vms/vk-node-registry-web/manifests/${tag}`;
      const answer = await fetch(url, { headers: { accept: "application/vnd.oci.image.manifest.v1+json" } });
      return { digest: answer.headers.get("docker-content-digest"), body: await answer.json() };
    };

    await pods.create("web", { pool: "registered" });
    await pods.untilIn("web", "ready", 1);
    await pods.annotate("web", { [hibernate]: "true" });
    await pods.untilIn("web", "hibernated", 1);
    const slept = await manifest("hibernate");
    expect(slept.body).toMatchObject({
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      artifactType: "application/vnd.cocoonstack.snapshot.v1+json",
      config: { mediaType: "application/vnd.cocoonstack.snapshot.config.v1+json" },
      annotations: {
        "cocoonstack.snapshot.id": expect.stringMatching(/^registered\/.+\.0$/) as unknown,
        "cocoonstack.snapshot.baseimage": "ubuntu:24.04",
      },
    });

    await pods.annotate("web", { [hibernate]: null, [generation]: "2" });
    await pods.untilIn("web", "ready", 2);
    await pods.remove("web");
    await pods.untilGone("web");
    // The same content is the same manifest, so nothing was lost on the way.
    expect(slept.digest).toMatch(/^sha256:/);
    expect((await manifest("latest")).digest).toBe(slept.digest);
    expect((await agent.stop()).code).toBe(0);
  },
);
