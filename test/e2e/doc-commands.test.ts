import { readFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { metadataOf } from "../../packages/webhook/src/dev/index.js";
import { devConfigurations } from "../../packages/webhook/src/registration/index.js";
import { type ControlPlane, ensureAssets, startControlPlane } from "../controlplane/index.js";
import { allBlocks, repository } from "../support/documents/pages.js";
import { pretendRollouts } from "../support/documents/pretend-rollouts.js";
import { type Scratch, scratch } from "../support/documents/scratch.js";
import { comparable, shownCommands } from "../support/documents/session.js";
import { type Place, runInShell } from "../support/documents/shell.js";
import { untilEstablished } from "../support/established.js";
import {
  apply as applyObjects,
  must,
  register,
  type RegisteredWebhook,
  registerWebhook,
} from "../support/registered-webhook.js";

// Every block of commands that the documentation marks with `<!-- run: control plane -->`, on a real API server: those of a page
// one after the other, as somebody who reads it from the top to the end. Each page begins with an installation of
// config/default and a webhook that answers.
const blocks = allBlocks().filter(({ proof }) => proof.kind === "control-plane");
const pages = [...new Set(blocks.map(({ page }) => page))];
const namespace = "cocoon-system";

/** A control plane of its own: these commands install, change and remove what is cluster-wide. */
let plane: ControlPlane;
let registered: RegisteredWebhook;
let files: Scratch;
let place: Place;
beforeAll(async () => {
  const result = await ensureAssets();
  if (!result.available) throw new Error(result.reason);
  plane = await startControlPlane({ assets: result.assets, controllers: [] });
  await apply("-f", "test/data/cert-manager-crds.yaml");
  await apply("-k", "config/crd");
  await untilEstablished(plane);
  registered = await registerWebhook(plane);
  const rollouts = pretendRollouts(plane, namespace);
  files = scratch();
  const executables = [result.assets.folder, path.join(repository, "node_modules/.bin"), process.env["PATH"]];
  place = {
    cwd: files.folder,
    env: { KUBECONFIG: plane.kubeconfig("admin"), HOME: plane.folder, PATH: executables.join(":") },
  };
  return async () => {
    rollouts[Symbol.dispose]();
    files[Symbol.dispose]();
    await registered.webhook.stop();
    await plane.stop();
  };
}, 300_000);

const apply = (flag: "-f" | "-k", target: string): Promise<string> =>
  must(plane.kubectl(["apply", flag, path.join(repository, target)]));

const policies = "validatingadmissionpolicies,validatingadmissionpolicybindings";

/** An installation as a reader may have it, of which our webhook answers. */
async function install(): Promise<void> {
  // They would refuse before the webhook is asked, so that nobody could tell whether it is.
  await must(plane.kubectl(["delete", policies, "-l", "app.kubernetes.io/part-of=cocoon-webhook"]));
  await apply("-k", "config/default");
  // What cert-manager would make.
  for (const secret of ["cocoon-webhook-tls", "cocoon-webhook-ca"]) {
    await plane.kubectl(["-n", namespace, "create", "secret", "generic", secret]);
  }
  await letWebhookAnswer();
}

/** What a page takes for granted besides. */
const circumstances: Readonly<Record<string, () => Promise<void>>> = {
  "docs/dev.md": async () => {
    // Of two processes that were killed.
    for (const [host, distinction] of [
      ["desktop", "77aa0b1c"],
      ["laptop", "3f9a1c22"],
    ] as const) {
      const owner = { host, machine: host, pid: 1, since: "2030-01-02T03:04:05Z", probeNamespace: "default" };
      const reach = { url: "https://127.0.0.1:1", caBundlePem: await readFile(registered.certFile, "utf8") };
      const metadata = metadataOf(owner, distinction);
      const options = { ...reach, metadata, probeNamespace: "default", namespace: undefined };
      await applyObjects(plane, ...devConfigurations(options));
    }
  },
};

const letWebhookAnswer = (): Promise<void> => register(plane, registered.webhook.url, registered.certFile);

describe.each(pages)("the commands of %s", (page) => {
  beforeAll(async () => {
    await install();
    await circumstances[page]?.();
  }, 300_000);

  it.each(blocks.filter((block) => block.page === page))(
    "in line $line",
    { timeout: 300_000 },
    async ({ language, text }) => {
      if (language === "sh") {
        expect(await runInShell(text, place)).toMatchObject({ code: 0 });
        return;
      }
      // The commands before may have led API servers to an address that stands for the reader's own.
      await letWebhookAnswer();
      for (const { command, output } of shownCommands(text)) {
        expect(comparable((await runInShell(command, place)).output)).toBe(comparable(output));
      }
    },
  );
});
