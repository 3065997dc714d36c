import { pullArtifact, pushArtifact } from "./artifacts.js";
import { Authorizer } from "./authorizer.js";
import { startDeadline, type Deadline } from "./deadline.js";
import { passingFailure } from "./failures.js";
import { deleteReference, findDigest, readManifest, writeManifest, type Repository } from "./manifests.js";
import { isDigest, isRepository, isTag, RegistryError, type Digest } from "./protocol/index.js";
import type {
  Artifact,
  CallOptions,
  DeleteTagOptions,
  Operation,
  PulledArtifact,
  Registry,
  RegistryOptions,
} from "./registry.js";
import { Requester } from "./requester.js";
import { CircuitBreaker, Places } from "./resilience/index.js";
import type { RegistrySettings } from "./settings/index.js";
import { Transport } from "./transport.js";

/**
 * Prepares the connections to a registry. None is opened yet.
 *
 * @example
 * ```ts
 * const registry = openRegistry(settings, { onCall: ({ operation, outcome }) => calls.inc({ operation, outcome }) });
 * const digest = await registry.resolve("vk-shop-demo-0", "hibernate");
 * await registry.close();
 * ```
 */
export function openRegistry(settings: RegistrySettings, options: RegistryOptions = {}): Registry {
  return new OciRegistry(settings, options);
}

class OciRegistry implements Registry {
  readonly #settings: RegistrySettings;
  readonly #options: RegistryOptions;
  readonly #transport: Transport;
  readonly #requester: Requester;
  readonly #calls = new Set<Deadline>();
  #isClosed = false;

  constructor(settings: RegistrySettings, options: RegistryOptions) {
    const { concurrency = 16, connectTimeoutMs = 5_000, userAgent = "cocoon" } = options;
    this.#settings = settings;
    this.#options = options;
    const transport = new Transport({
      ca: settings.ca,
      connections: concurrency,
      connectTimeoutMs,
      userAgent,
    });
    this.#transport = transport;
    const authorizer = new Authorizer(settings, async (request, deadline) => {
      const answer = await transport.send(request, deadline);
      const failure = passingFailure(`${request.method} ${new URL(request.url).origin}`, answer);
      if (failure !== undefined) throw failure;
      return answer;
    });
    this.#requester = new Requester({
      url: settings.url,
      send: (request, deadline) => transport.send(request, deadline),
      authorizer,
      places: new Places(concurrency),
      breaker: new CircuitBreaker({
        failuresToOpen: 5,
        openMs: 1_000,
        longestOpenMs: 30_000,
        ...options.breaker,
      }),
      retry: { attempts: 4, baseMs: 250, longestMs: 4_000, ...options.retry },
    });
  }

  resolve(name: string, tag: string, options?: CallOptions): Promise<Digest | undefined> {
    return this.#call("resolve", `${name}:${tag}`, options, (deadline) => {
      const repository = this.#repository(name);
      checkTag(tag);
      return this.#requester.persistently(deadline, () => findDigest(repository, tag, "pull", deadline));
    });
  }

  tag(name: string, digest: string, tag: string, options?: CallOptions): Promise<void> {
    return this.#call("tag", `${name}:${tag}`, options, async (deadline) => {
      const repository = this.#repository(name);
      checkTag(tag);
      if (!isDigest(digest)) throw invalid(`${JSON.stringify(digest)} is no digest`);
      const manifest = await this.#requester.persistently(deadline, () =>
        readManifest(repository, digest, "pull,push", deadline),
      );
      if (manifest === undefined) {
        throw new RegistryError("not-found", `${name}@${digest}: the registry has no such manifest`, {
          status: 404,
        });
      }
      await this.#requester.persistently(deadline, () => writeManifest(repository, tag, manifest, deadline));
    });
  }

  deleteTag(name: string, tag: string, options?: DeleteTagOptions): Promise<void> {
    return this.#call("delete-tag", `${name}:${tag}`, options, (deadline) => {
      const repository = this.#repository(name);
      checkTag(tag);
      const expected = options?.ifDigest;
      return this.#requester.persistently(deadline, async () => {
        if (expected !== undefined) {
          const digest = await findDigest(repository, tag, "pull,delete", deadline);
          if (digest === undefined) return;
          if (digest !== expected) {
            throw new RegistryError(
              "changed",
              `${name}:${tag} has the digest ${digest}, and not ${expected}`,
            );
          }
        }
        await deleteReference(repository, tag, deadline);
      });
    });
  }

  push(name: string, tag: string, artifact: Artifact, options?: CallOptions): Promise<Digest> {
    return this.#call("push", `${name}:${tag}`, options, (deadline) => {
      const repository = this.#repository(name);
      checkTag(tag);
      return pushArtifact(repository, tag, artifact, deadline);
    });
  }

  pull(name: string, tagOrDigest: string, options?: CallOptions): Promise<PulledArtifact | undefined> {
    return this.#call("pull", `${name}:${tagOrDigest}`, options, (deadline) => {
      const repository = this.#repository(name);
      if (!isDigest(tagOrDigest)) checkTag(tagOrDigest);
      const { maxArtifactBytes = 64 * 2 ** 20 } = this.#options;
      return pullArtifact(repository, tagOrDigest, maxArtifactBytes, deadline);
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const deadline of this.#calls) deadline.end(closed());
    await this.#transport.close();
  }

  /** Surrounds a call with its deadline, its name in messages, and the word to the observer. */
  async #call<T>(
    operation: Operation,
    what: string,
    options: CallOptions | undefined,
    work: (deadline: Deadline) => T | Promise<T>,
  ): Promise<T> {
    const startMs = performance.now();
    const timeoutMs = options?.timeoutMs ?? this.#options.timeoutMs ?? 15_000;
    const deadline = startDeadline(`${operation} ${what}`, timeoutMs, options?.signal);
    this.#calls.add(deadline);
    const tell = (outcome: "ok" | RegistryError["kind"]): void =>
      this.#options.onCall?.({ operation, outcome, durationMs: performance.now() - startMs });
    try {
      if (this.#isClosed) deadline.end(closed());
      deadline.signal.throwIfAborted();
      const result = await work(deadline);
      tell("ok");
      return result;
    } catch (error) {
      const failure = asNamed(`${operation} ${what}`, error);
      tell(failure.kind);
      throw failure;
    } finally {
      deadline.stop();
      this.#calls.delete(deadline);
    }
  }

  #repository(name: string): Repository {
    const { url, prefix } = this.#settings;
    const full = prefix === "" ? name : `${prefix}/${name}`;
    if (!isRepository(name) || !isRepository(full))
      throw invalid(`${JSON.stringify(name)} is no name of a repository`);
    return { url, name: full, requester: this.#requester };
  }
}

const invalid = (message: string): RegistryError => new RegistryError("invalid", message);
const closed = (): RegistryError => new RegistryError("closed", "the registry client is closed");

function checkTag(tag: string): void {
  if (!isTag(tag)) throw invalid(`${JSON.stringify(tag)} is no tag`);
}

/** The error with the call in front of its message, where that is not there yet. */
function asNamed(what: string, error: unknown): RegistryError {
  if (!(error instanceof RegistryError)) {
    return new RegistryError("malformed", `${what}: ${String(error)}`, { cause: error });
  }
  if (error.message.startsWith(what)) return error;
  const { kind, message, status, retryAfterMs, cause } = error;
  return new RegistryError(kind, `${what}: ${message}`, { status, retryAfterMs, cause });
}
