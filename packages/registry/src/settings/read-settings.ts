import { X509Certificate } from "node:crypto";
import { posix } from "node:path";
import { errorCode } from "@cocoonstack/common/k8s";
import type { Credentials } from "./credentials.js";
import { dockerCredentials } from "./docker-config.js";
import { baseUrl, registryUrl, type RegistryUrl } from "./registry-url.js";

/** The environment, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads a file; rejects where it cannot. */
export type ReadText = (path: string) => Promise<string>;

/** How to reach a registry. */
export interface RegistrySettings extends RegistryUrl {
  /** Certificates in PEM that are trusted besides those that Node.js comes with. */
  readonly ca: string | undefined;
  /**
   * The credentials as they are now: their file is read anew, so that what is rotated is picked up.
   *
   * @throws {Error} when they cannot be read any more; the message names the file.
   */
  readonly credentials: () => Promise<Credentials>;
}

/** The settings, or one sentence for each that is wrong. */
export type SettingsResult =
  | { readonly ok: true; readonly settings: RegistrySettings }
  | { readonly ok: false; readonly faults: readonly string[] };

const ociVariables = ["OCI_REGISTRY", "OCI_REGISTRY_TOKEN_FILE", "OCI_REGISTRY_CA_FILE"] as const;
const epochVariables = ["EPOCH_URL", "EPOCH_TOKEN", "EPOCH_CA_CERT"] as const;
type Variable = (typeof ociVariables | typeof epochVariables)[number] | "DOCKER_CONFIG" | "HOME";
type Values = Readonly<Partial<Record<Variable, string>>>;

/**
 * Reads the settings of a registry from the environment, and every file that they name, and reports all faults at once.
 *
 * - `OCI_REGISTRY`: `HOST[:PORT][/PREFIX]`; see {@link registryUrl}
 * - `OCI_REGISTRY_TOKEN_FILE`: a file with a bearer token
 * - `OCI_REGISTRY_CA_FILE`: a file with certificates in PEM to trust besides the usual ones
 * - `DOCKER_CONFIG`, else `$HOME/.docker`: the folder of the `config.json` with credentials
 * - `EPOCH_URL`, `EPOCH_TOKEN`, `EPOCH_CA_CERT`: in place of the first three; the token itself, not a file
 *
 * An empty variable counts as unset. It reads nothing but through `readText`.
 *
 * @example
 * ```ts
 * const result = await readSettings(process.env, (path) => readFile(path, "utf8"));
 * if (!result.ok) throw new Error(result.faults.join("; "));
 * ```
 */
export async function readSettings(env: Environment, readText: ReadText): Promise<SettingsResult> {
  const values = valuesOf(env);
  const faults: string[] = [...conflictsIn(values)];
  const place = placeIn(values, faults);
  const ca = await caIn(values, readText, faults);
  const credentials = credentialsIn(values, readText, place);
  await credentials().catch((error: unknown) => faults.push(messageOf(error)));
  return place === undefined || faults.length > 0
    ? { ok: false, faults }
    : { ok: true, settings: { url: place.url, prefix: place.prefix, ca, credentials } };
}

function valuesOf(env: Environment): Values {
  const names: readonly Variable[] = [...ociVariables, ...epochVariables, "DOCKER_CONFIG", "HOME"];
  const isSet = (value: string | undefined): boolean => value !== undefined && value !== "";
  return Object.fromEntries(names.filter((name) => isSet(env[name])).map((name) => [name, env[name]]));
}

/** A token must not go to another registry than the one it was meant for, so the two families do not mix. */
function conflictsIn(values: Values): readonly string[] {
  const oci = ociVariables.filter((name) => values[name] !== undefined);
  const epoch = epochVariables.filter((name) => values[name] !== undefined);
  if (oci.length === 0 || epoch.length === 0) return [];
  return [
    `${oci.join(", ")} and ${epoch.join(", ")} are both set, and may mean two registries: unset ${epoch.join(", ")}`,
  ];
}

function placeIn(values: Values, faults: string[]): RegistryUrl | undefined {
  const { OCI_REGISTRY: registry, EPOCH_URL: epoch } = values;
  const text = registry ?? epoch;
  if (text === undefined) {
    faults.push("no registry is set: set OCI_REGISTRY to HOST[:PORT][/PREFIX]");
    return undefined;
  }
  const result = registry === undefined ? baseUrl(text) : registryUrl(text);
  if (result.ok) return result;
  const name = registry === undefined ? "EPOCH_URL" : "OCI_REGISTRY";
  // Not the value itself where it may hold a password.
  faults.push(`${name} must ${result.must}${text.includes("@") ? "" : `; it is ${JSON.stringify(text)}`}`);
  return undefined;
}

async function caIn(values: Values, readText: ReadText, faults: string[]): Promise<string | undefined> {
  const name = values.OCI_REGISTRY_CA_FILE === undefined ? "EPOCH_CA_CERT" : "OCI_REGISTRY_CA_FILE";
  const path = values[name];
  if (path === undefined) return undefined;
  try {
    const pem = await readNamed(name, path, readText);
    if (holdsCertificates(pem)) return pem;
    faults.push(`${name} must name a file with certificates in PEM; ${path} holds none, or a broken one`);
  } catch (error) {
    faults.push(messageOf(error));
  }
  return undefined;
}

function holdsCertificates(pem: string): boolean {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block)).length > 0;
  } catch {
    return false;
  }
}

function credentialsIn(
  values: Values,
  readText: ReadText,
  place: RegistryUrl | undefined,
): () => Promise<Credentials> {
  const { OCI_REGISTRY_TOKEN_FILE: tokenFile, EPOCH_URL: epoch, EPOCH_TOKEN: token } = values;
  if (tokenFile !== undefined) {
    const name = "OCI_REGISTRY_TOKEN_FILE";
    return async () => bearer(name, (await readNamed(name, tokenFile, readText)).trim());
  }
  if (token !== undefined) return () => Promise.resolve().then(() => bearer("EPOCH_TOKEN", token));
  // The reference has no other credentials for EPOCH_URL than its token.
  if (epoch !== undefined || place === undefined) return () => Promise.resolve({ kind: "anonymous" });
  return () => fromDockerConfig(values, readText, place);
}

function bearer(name: string, token: string): Credentials {
  if (/^[\x21-\x7e]+$/.test(token)) return { kind: "bearer", token };
  throw new Error(`${name} must be a bearer token, or name a file with one: one line without spaces`);
}

async function fromDockerConfig(
  { DOCKER_CONFIG: folder, HOME: home }: Values,
  readText: ReadText,
  { url, prefix }: RegistryUrl,
): Promise<Credentials> {
  // Whoever names a folder has credentials in it; for the one in the home folder nobody has asked.
  const [name, path] =
    folder === undefined
      ? ["HOME", posix.join(home ?? "/", ".docker/config.json")]
      : ["DOCKER_CONFIG", posix.join(folder, "config.json")];
  let text: string;
  try {
    text = await readNamed(name, path, readText);
  } catch (error) {
    if (name === "HOME" && isMissing(error)) return { kind: "anonymous" };
    throw error;
  }
  const result = dockerCredentials(text, new URL(url).host, prefix);
  if (result.ok) return result.credentials;
  throw new Error(`${path} ${result.fault}`);
}

const isMissing = (error: unknown): boolean => error instanceof Error && errorCode(error.cause) === "ENOENT";

async function readNamed(name: string, path: string, readText: ReadText): Promise<string> {
  try {
    return await readText(path);
  } catch (cause) {
    throw new Error(`${name} names ${path}, which cannot be read: mount it, or unset ${name}`, { cause });
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
