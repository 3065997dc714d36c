import { isObject, parseJson, textOf } from "../protocol/index.js";
import type { Credentials } from "./credentials.js";

/** Credentials, or the rest of a sentence that begins with the file's name. */
export type DockerConfigResult =
  { readonly ok: true; readonly credentials: Credentials } | { readonly ok: false; readonly fault: string };

type Entry = Readonly<Record<string, unknown>>;

const anonymous: DockerConfigResult = { ok: true, credentials: { kind: "anonymous" } };
const faulty = (fault: string): DockerConfigResult => ({ ok: false, fault });
const found = (credentials: Credentials): DockerConfigResult => ({ ok: true, credentials });

/**
 * What a Docker configuration file (`config.json`) has for a registry. Of several entries the one with the longest path in
 * front of `prefix` counts, as in Kubernetes' pull secrets: `registry.example.com/team` before `registry.example.com`.
 *
 * Programs that keep credentials (`credsStore`, `credHelpers`) are not run, and a file that leaves this registry to one is a
 * fault.
 *
 * @param host with the port, where it is not the usual one
 */
export function dockerCredentials(text: string, host: string, prefix: string): DockerConfigResult {
  const config = parseJson(Buffer.from(text));
  if (!isObject(config)) return faulty("holds no JSON object");
  const { auths, credHelpers } = { auths: {}, credHelpers: {}, ...config };
  if (!isObject(auths) || !isObject(credHelpers))
    return faulty("has 'auths' or 'credHelpers' of another form than {}");
  const helper = textOf(credHelpers, host);
  if (helper !== undefined) return faulty(leftTo(host, helper));
  const [key, auth] = bestEntry(auths, host, prefix) ?? [];
  if (key === undefined) return anonymous;
  if (!isObject(auth)) return faulty(`has an entry for ${key} that is no object`);
  return isLeftToStore(auth, config)
    ? faulty(leftTo(host, textOf(config, "credsStore") ?? ""))
    : credentialsIn(auth, key);
}

/** Docker leaves an empty entry behind for what it has given to the store. */
const isLeftToStore = (auth: Entry, config: Entry): boolean =>
  Object.keys(auth).length === 0 && (textOf(config, "credsStore") ?? "") !== "";

const leftTo = (host: string, helper: string): string =>
  `leaves ${host} to the credential helper docker-credential-${helper}, which is not run here: write "auth" into ` +
  "its 'auths', or name a file with a token in OCI_REGISTRY_TOKEN_FILE";

function bestEntry(auths: Entry, host: string, prefix: string): [string, unknown] | undefined {
  const target = prefix === "" ? host : `${host}/${prefix}`;
  return Object.entries(auths)
    .map(([key, auth]): [string, unknown, string] => [key, auth, bare(key)])
    .filter(([, , place]) => target === place || target.startsWith(`${place}/`))
    .sort(([, , a], [, , b]) => b.length - a.length)
    .map(([key, auth]): [string, unknown] => [key, auth])
    .at(0);
}

/** `https://registry.example.com/v2/` → `registry.example.com`, which is what older clients meant by it. */
const bare = (key: string): string =>
  key
    .replace(/^https?:\/\//, "")
    .replace(/\/+$/, "")
    .replace(/\/v[12]$/, "");

function credentialsIn(auth: Entry, key: string): DockerConfigResult {
  const identity = textOf(auth, "identitytoken") ?? "";
  if (identity !== "") return found({ kind: "identity", token: identity });
  const bearer = textOf(auth, "registrytoken") ?? "";
  if (bearer !== "") return found({ kind: "bearer", token: bearer });
  const encoded = textOf(auth, "auth") ?? "";
  if (encoded !== "") return decoded(encoded, key);
  const username = textOf(auth, "username") ?? "";
  return username === ""
    ? anonymous
    : found({ kind: "basic", username, password: textOf(auth, "password") ?? "" });
}

function decoded(encoded: string, key: string): DockerConfigResult {
  const [, username, password] =
    /^([^:]+):(.*)$/s.exec(Buffer.from(encoded, "base64").toString("utf8")) ?? [];
  return username === undefined || password === undefined
    ? faulty(`has an "auth" for ${key} that is not base64 of USER:PASSWORD`)
    : found({ kind: "basic", username, password });
}
