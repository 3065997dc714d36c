import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { stringify } from "yaml";
import { type Target, webhookConfigurations } from "../registration/index.js";
import { StartupError } from "./startup-error.js";

/** The options of `manifests`, as commander gives them. */
export interface ManifestsOptions {
  readonly url?: string;
  readonly caBundle?: string;
  readonly namespace: string;
  readonly service: string;
}

/**
 * The two webhook configurations as YAML documents.
 *
 * @throws StartupError with everything about the options that cannot be used
 */
export async function manifests(options: ManifestsOptions): Promise<string> {
  const faults = [
    ...urlFaults(options.url),
    ...(options.caBundle === undefined ? [] : await caBundleFaults(options.caBundle)),
  ];
  if (faults.length > 0) throw new StartupError(faults);
  const caBundlePem = options.caBundle === undefined ? undefined : await readFile(options.caBundle, "utf8");
  return webhookConfigurations({ target: targetOf(options), caBundlePem })
    .map((configuration) => `---\n${stringify(configuration, { lineWidth: 0 })}`)
    .join("");
}

function targetOf({ url, namespace, service }: ManifestsOptions): Target {
  return url === undefined
    ? { by: "service", namespace, name: service, port: 443 }
    : { by: "url", url: url.replace(/\/+$/, "") };
}

/** What API servers demand of a `clientConfig.url`, said before they do. */
function urlFaults(url: string | undefined): readonly string[] {
  if (url === undefined) return [];
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isPlain =
    parsed?.protocol === "https:" && parsed.username === "" && parsed.search === "" && parsed.hash === "";
  return isPlain
    ? []
    : [
        `the --url ${JSON.stringify(url)} must be an https URL without user, query or fragment, such as https://127.0.0.1:8443`,
      ];
}

async function caBundleFaults(file: string): Promise<readonly string[]> {
  try {
    const pem = await readFile(file, "utf8");
    new X509Certificate(pem);
    return [];
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    return [
      missing
        ? `the --ca-bundle file ${file} does not exist`
        : `the --ca-bundle file ${file} cannot be used: it must be a readable PEM file with at least one certificate`,
    ];
  }
}
