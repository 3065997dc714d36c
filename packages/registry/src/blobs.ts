import type { Deadline } from "./deadline.js";
import { refusalOf } from "./failures.js";
import type { Repository } from "./manifests.js";
import { hasDigest, RegistryError, type Descriptor, type Digest } from "./protocol/index.js";

/** Answers to requests that have nothing to say. */
const maxAnswerBytes = 64 * 1024;

/** Uploads a piece of content in one request, unless the repository has it. */
export async function writeBlob(
  { url, name, requester }: Repository,
  digest: Digest,
  content: Uint8Array,
  deadline: Deadline,
): Promise<void> {
  const shared = {
    scope: { repository: name, access: "pull,push" },
    maxBytes: maxAnswerBytes,
  } as const;
  const known = { ...shared, method: "HEAD", url: `${url}/v2/${name}/blobs/${digest}`, headers: {} } as const;
  if ((await requester.ask(known, deadline)).status === 200) return;

  const start = { ...shared, method: "POST", url: `${url}/v2/${name}/blobs/uploads/`, headers: {} } as const;
  const started = await requester.ask(start, deadline);
  if (started.status !== 202) throw refusalOf(`POST ${start.url}`, started);
  const location = requester.elsewhere(start.url, started.headers["location"]);
  const upload = {
    ...shared,
    method: "PUT",
    // By hand: URLSearchParams would write what is there already in another way.
    url: `${location}${location.includes("?") ? "&" : "?"}digest=${encodeURIComponent(digest)}`,
    headers: { "content-type": "application/octet-stream" },
    body: content,
  } as const;
  const uploaded = await requester.ask(upload, deadline);
  if (uploaded.status !== 201) throw refusalOf(`PUT of the content ${digest} to ${url}`, uploaded);
}

/** A piece of content that a manifest names, compared with its size and digest. */
export async function readBlob(
  { url, name, requester }: Repository,
  { digest, size }: Pick<Descriptor, "digest" | "size">,
  deadline: Deadline,
): Promise<Buffer> {
  const request = {
    method: "GET",
    url: `${url}/v2/${name}/blobs/${digest}`,
    headers: {},
    scope: { repository: name, access: "pull" },
    maxBytes: size,
  } as const;
  const answer = await requester.ask(request, deadline);
  const what = `GET ${request.url}`;
  if (answer.status === 404) {
    throw new RegistryError("corrupt", `${what}: a manifest names this content, and it is not there`, {
      status: 404,
    });
  }
  if (answer.status !== 200) throw refusalOf(what, answer);
  if (answer.body.length !== size || !hasDigest(answer.body, digest)) {
    throw new RegistryError(
      "corrupt",
      `${what}: ${answer.body.length} bytes came that do not have this digest`,
    );
  }
  return answer.body;
}
