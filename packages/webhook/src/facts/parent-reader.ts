import { type ClusterConnection, type JsonResponse, RequestError } from "@cocoonstack/common/k8s";
import { apiPath } from "./api-path.js";
import { whyLate, whyNameless, whyRefused, whyUnanswered } from "./failure.js";
import type { ParentLookup, ParentRef } from "../policy/index.js";

/** Reads the workload behind a scale request. */
export interface ParentReader {
  /**
   * Never rejects: what goes wrong is a lookup too, because a scale request that cannot be checked is refused.
   *
   * @param deadlineMs when the answer is due, on the clock of `performance.now()`
   */
  read(parent: ParentRef, deadlineMs: number): Promise<ParentLookup>;
}

/** The reader of a webhook that runs without a cluster. */
export const noCluster: ParentReader = { read: () => Promise.resolve({ result: "no-cluster" }) };

/** Called once for every request that was sent, however many waited for it; `error` is why there was no answer. */
export type OnFetch = (result: ParentLookup["result"], durationMs: number, error?: RequestError) => void;

type Fetch = Promise<ParentLookup | "timed-out">;

/**
 * Reads parents from the API server. Requests that ask for the same object at the same version while it is on its way
 * share one fetch: a version in the key means that nobody gets an older template than the one of the review. Each waiter
 * keeps its own deadline.
 */
export class ClusterParentReader implements ParentReader {
  readonly #connection: Pick<ClusterConnection, "getJson">;
  readonly #onFetch: OnFetch;
  readonly #inFlight = new Map<string, Fetch>();

  constructor(connection: Pick<ClusterConnection, "getJson">, onFetch: OnFetch) {
    this.#connection = connection;
    this.#onFetch = onFetch;
  }

  async read(parent: ParentRef, deadlineMs: number): Promise<ParentLookup> {
    const path = pathOf(parent);
    if (path === undefined) return unavailable(whyNameless);
    const key = `${path}@${parent.resourceVersion}`;
    for (;;) {
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) return tooLate;
      // A fetch that was started for somebody with less time may end before this waiter's does: then it asks again.
      const lookup = await within(leftMs, this.#inFlight.get(key) ?? this.#start(key, path, leftMs));
      if (lookup !== "timed-out") return lookup;
    }
  }

  #start(key: string, path: string, timeoutMs: number): Fetch {
    const fetch = this.#fetch(path, timeoutMs).finally(() => {
      this.#inFlight.delete(key);
    });
    this.#inFlight.set(key, fetch);
    return fetch;
  }

  async #fetch(path: string, timeoutMs: number): Fetch {
    const startedAtMs = performance.now();
    const done = (lookup: ParentLookup, error?: RequestError): ParentLookup => {
      this.#onFetch(lookup.result, performance.now() - startedAtMs, error);
      return lookup;
    };
    try {
      return done(lookupOf(await this.#connection.getJson(path, { timeoutMs })));
    } catch (error) {
      // Anything else is a mistake of ours; whoever asked refuses the request and logs it.
      if (!(error instanceof RequestError)) throw error;
      const late = error.kind === "timeout";
      const lookup = done(late ? tooLate : unavailable(whyUnanswered(error)), error);
      return late ? "timed-out" : lookup;
    }
  }
}

const unavailable = (why: string): ParentLookup => ({ result: "unavailable", why });

function lookupOf({ status, body }: JsonResponse): ParentLookup {
  if (status === 200) return { result: "found", workload: body };
  if (status === 404 && isNotFound(body)) return { result: "not-found" };
  return unavailable(whyRefused(status));
}

const tooLate = unavailable(whyLate);

/** `GET` path of the parent; the core group has another form of path than the others. */
function pathOf({ group, version, resource, namespace, name }: ParentRef): string | undefined {
  const root = group === "" ? ["api"] : ["apis", group];
  return apiPath([...root, version, "namespaces", namespace, resource, name]);
}

/** A 404 of the API server itself; one of a proxy on the way says nothing about the object. */
function isNotFound(body: unknown): boolean {
  return typeof body === "object" && body !== null && "reason" in body && body.reason === "NotFound";
}

async function within(timeoutMs: number, fetch: Fetch): Fetch {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"timed-out">((resolve) => {
    timer = setTimeout(resolve, timeoutMs, "timed-out");
  });
  try {
    return await Promise.race([fetch, late]);
  } finally {
    clearTimeout(timer);
  }
}
