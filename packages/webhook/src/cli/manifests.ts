import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { errorCode } from "@cocoonstack/common/k8s";
import { stringify } from "yaml";
import { StartupError } from "@cocoonstack/program/command-line";
import { userNames } from "../config/index.js";
import { admissionPolicies, type Target, webhookConfigurations } from "../registration/index.js";

/** The options of `manifests`, as commander gives them. */
export interface ManifestsOptions {
  readonly url?: string;
  readonly caBundle?: string;
  readonly namespace: string;
  readonly service: string;
  readonly scaleFailurePolicy: "Fail" | "Ignore";
  /** True where the option stands without a value. */
  readonly admissionPolicies?: true | "only";
  readonly podCreators?: string;
}

/**
 * The two webhook configurations, and the admission policies where they are asked for, as YAML documents.
 *
 * @throws StartupError with everything about the options that cannot be used
 */
export async function manifests(options: ManifestsOptions): Promise<string> {
  const target = targetOf(options);
  const caBundle = options.caBundle === undefined ? undefined : await readCaBundle(options.caBundle);
  const podCreators = podCreatorsOf(options);
  const faults = [target, caBundle, podCreators].flatMap((result) =>
    result?.ok === false ? [result.fault] : [],
  );
  if (!target.ok || caBundle?.ok === false || !podCreators.ok) throw new StartupError(faults, 2);

  const { scaleFailurePolicy } = options;
  const webhooks = { target: target.value, caBundlePem: caBundle?.value, scaleFailurePolicy };
  const documents = [
    ...(options.admissionPolicies === "only" ? [] : webhookConfigurations(webhooks)),
    ...(options.admissionPolicies === undefined ? [] : admissionPolicies({ podCreators: podCreators.value })),
  ];
  return documents.map((document) => `---\n${stringify(document, { lineWidth: 0 })}`).join("");
}

/** What an option means, or one line about why it cannot be used. */
type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: string };

/** What API servers demand of a `clientConfig.url`, said before they do. */
function targetOf({ url, namespace, service }: ManifestsOptions): Result<Target> {
  if (url === undefined) return { ok: true, value: { by: "service", namespace, name: service, port: 443 } };
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  // Nothing but these parts: a user, a query or a fragment would make the whole differ from what is put together again.
  const plain = parsed && `${parsed.origin}${parsed.pathname.replace(/\/+$/, "")}`;
  if (parsed?.protocol === "https:" && plain !== undefined && plain === url.replace(/\/+$/, "")) {
    return { ok: true, value: { by: "url", url: plain } };
  }
  const fault = `the --url ${JSON.stringify(url)} must be an https URL without user, query or fragment, such as https://127.0.0.1:8443`;
  return { ok: false, fault };
}

/** As the webhook reads them. */
function podCreatorsOf({ podCreators }: ManifestsOptions): Result<readonly string[] | undefined> {
  const names = userNames(podCreators);
  return names.ok
    ? { ok: true, value: names.value && [...names.value] }
    : { ok: false, fault: `the --pod-creators must ${names.must}` };
}

const certificateBlocks = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates of a PEM file alone: whatever else is in it must not be published. */
async function readCaBundle(file: string): Promise<Result<string>> {
  const fail = (why: string): Result<string> => ({ ok: false, fault: `the --ca-bundle file ${file} ${why}` });
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const code = errorCode(error);
    return fail(code === "ENOENT" ? "does not exist" : `cannot be read (${code ?? "unknown error"})`);
  }
  if (text.includes("PRIVATE KEY")) return fail("holds a private key: name a file with certificates alone");
  const certificates = text.match(certificateBlocks) ?? [];
  if (certificates.length === 0) return fail("holds no certificate in PEM form");
  return certificates.every(isCertificate)
    ? { ok: true, value: `${certificates.join("\n")}\n` }
    : fail("holds a broken certificate");
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).serialNumber !== "";
  } catch {
    return false;
  }
}
