import { mkdir, rm, writeFile } from "node:fs/promises";
import { generateSelfSignedCert } from "@cocoonstack/common/k8s";
import { open } from "../core/raw.js";
import type { Fault, Outcome } from "./fault.js";
import { type Stage, stage, strayPod, timeUntil } from "./stage.js";

/** The common name of the certificate that a new connection gets. */
async function servedName(port: number): Promise<string> {
  const socket = await open(port);
  const { CN = "" } = socket.getPeerCertificate().subject;
  socket.destroy();
  return Array.isArray(CN) ? CN.join() : CN;
}

/** Spoils the files, waits until that is told, looks what is served, and puts a whole new pair there. */
async function watch(
  spoil: (on: Stage) => Promise<void>,
  tidyUp?: (on: Stage) => Promise<void>,
): Promise<Outcome> {
  await using on = await stage();
  const { webhook, files } = on;
  await spoil(on);
  await webhook.logged(({ msg }) => msg === "no new certificate can be served; the old one stays");
  const [name, pod] = [await servedName(webhook.port), await strayPod(webhook)];
  const { status } = await webhook.call("/readyz", { method: "GET", headers: {} });
  await tidyUp?.(on);
  const fresh = await generateSelfSignedCert("renewed", "127.0.0.1");
  await writeFile(files.cert, fresh.certPem);
  await writeFile(files.key, fresh.keyPem);
  const recoveryMs = await timeUntil("renewed", () => servedName(webhook.port), 40_000);
  return { got: `${name}, ${pod}, ready ${status}`, recoveryMs };
}

const staysAsItWas = {
  stated: "said in the log; the old pair is served, and the webhook stays ready",
  fits: /^cocoon-webhook, refused 403, ready 200$/,
};

/** What befalls the certificate files. The recovery is the time from a whole pair to its being served. */
export const certificateFaults: readonly Fault[] = [
  {
    name: "the certificate file truncated",
    ...staysAsItWas,
    bring: () => watch(({ files, pair }) => writeFile(files.cert, pair.certPem.slice(0, 200))),
  },
  {
    name: "the certificate swapped, its key not yet",
    ...staysAsItWas,
    bring: () =>
      watch(async ({ files }) => {
        await writeFile(files.cert, (await generateSelfSignedCert("half", "127.0.0.1")).certPem);
      }),
  },
  {
    name: "the key file unreadable",
    ...staysAsItWas,
    bring: () =>
      watch(
        async ({ files }) => {
          await rm(files.key);
          // Not by its mode: whoever runs this may be root, who reads everything.
          await mkdir(files.key);
        },
        ({ files }) => rm(files.key, { recursive: true }),
      ),
  },
];
