import type { Access } from "./authorizer.js";
import type { Deadline } from "./deadline.js";
import { isAbsence, refusalOf } from "./failures.js";
import {
  hasDigest,
  isDigest,
  manifestTypeOf,
  manifestTypes,
  digestOf,
  RegistryError,
  type Digest,
} from "./protocol/index.js";
import type { RegistryRequest, Requester } from "./requester.js";
import type { HttpAnswer } from "./transport.js";

/** A repository with its prefix, and the rest of what requests to it need. */
export interface Repository {
  /** Without a slash at the end. */
  readonly url: string;
  readonly name: string;
  readonly requester: Requester;
}

/** A manifest of any kind, as the registry has it. */
export interface StoredManifest {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** The longest that the specification asks registries to take. */
const maxManifestBytes = 4 * 2 ** 20;

const accept = manifestTypes.join(", ");

/** A request about a manifest, by its tag or digest. */
const about = (
  { url, name }: Repository,
  reference: string,
  access: Access,
): Omit<RegistryRequest, "method" | "headers"> => ({
  url: `${url}/v2/${name}/manifests/${reference}`,
  scope: { repository: name, access },
  maxBytes: maxManifestBytes,
});

/**
 * The digest of the manifest with a tag, or undefined where there is none.
 *
 * @param access what the call is about to do, so that one token serves all its requests
 */
export async function findDigest(
  repository: Repository,
  tag: string,
  access: Access,
  deadline: Deadline,
): Promise<Digest | undefined> {
  const request = { ...about(repository, tag, access), method: "HEAD", headers: { accept } } as const;
  const answer = await repository.requester.ask(request, deadline);
  if (answer.status === 404 && isAbsence(answer)) return undefined;
  const digest = digestIn(answer);
  if (answer.status === 200 && digest !== undefined) return digest;
  if (answer.status !== 200 && answer.status !== 404) throw refusalOf(`HEAD ${request.url}`, answer);
  // Not every registry names the digest, and the answer to HEAD has no body that says who answers.
  return (await readManifest(repository, tag, access, deadline))?.digest;
}

/** The manifest with a tag or digest, compared with its digest, or undefined where there is none. */
export async function readManifest(
  repository: Repository,
  reference: string,
  access: Access,
  deadline: Deadline,
): Promise<StoredManifest | undefined> {
  const request = { ...about(repository, reference, access), method: "GET", headers: { accept } } as const;
  const answer = await repository.requester.ask(request, deadline);
  const what = `GET ${request.url}`;
  if (answer.status === 404) {
    if (isAbsence(answer)) return undefined;
    throw new RegistryError("malformed", `${what}: a 404 that comes from no registry: look at its address`, {
      status: 404,
    });
  }
  if (answer.status !== 200) throw refusalOf(what, answer);
  const mediaType = manifestTypeOf(answer.body, answer.headers["content-type"]);
  if (mediaType === undefined) throw new RegistryError("malformed", `${what}: the answer is no manifest`);
  const digest = isDigest(reference) ? reference : (digestIn(answer) ?? digestOf(answer.body));
  if (!hasDigest(answer.body, digest)) {
    throw new RegistryError("corrupt", `${what}: the manifest does not have the digest ${digest}`);
  }
  return { digest, mediaType, bytes: answer.body };
}

/** Stores a manifest under a tag. */
export async function writeManifest(
  repository: Repository,
  tag: string,
  { mediaType, bytes, digest }: StoredManifest,
  deadline: Deadline,
): Promise<void> {
  const request = {
    ...about(repository, tag, "pull,push"),
    method: "PUT",
    headers: { "content-type": mediaType },
    body: bytes,
  } as const;
  const answer = await repository.requester.ask(request, deadline);
  if (answer.status !== 201) throw refusalOf(`PUT ${request.url}`, answer);
  const stored = digestIn(answer);
  // Another algorithm names the same bytes by another digest.
  if (stored !== undefined && !hasDigest(bytes, stored)) {
    throw new RegistryError(
      "corrupt",
      `PUT ${request.url}: the registry has stored ${stored} in place of ${digest}`,
    );
  }
}

/** Takes a tag away. */
export async function deleteReference(
  repository: Repository,
  tag: string,
  deadline: Deadline,
): Promise<void> {
  const request = { ...about(repository, tag, "pull,delete"), method: "DELETE", headers: {} } as const;
  const answer = await repository.requester.ask(request, deadline);
  if (answer.status >= 200 && answer.status < 300) return;
  const what = `DELETE ${request.url}`;
  // Registries that delete by digest alone find the tag no valid digest.
  if (answer.status === 400) {
    throw new RegistryError("unsupported", refusalOf(what, answer).message, { status: 400 });
  }
  if (answer.status !== 404) throw refusalOf(what, answer);
  // CNCF distribution 2 looks for a manifest with this "digest", and finds none.
  if ((await findDigest(repository, tag, "pull,delete", deadline)) !== undefined) {
    throw new RegistryError("unsupported", `${what}: the registry answers 404, and still has the tag`, {
      status: 404,
    });
  }
}

function digestIn({ headers }: HttpAnswer): Digest | undefined {
  const digest = headers["docker-content-digest"] ?? "";
  return isDigest(digest) ? digest : undefined;
}
