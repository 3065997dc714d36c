import { type ClusterConnection, type JsonResponse, RequestError } from "@cocoonstack/common/k8s";
import { apiGroup, apiVersionName } from "@cocoonstack/common/meta";
import type { HibernationsLookup } from "../policy/index.js";
import { apiPath } from "./api-path.js";
import { whyLate, whyNameless, whyRefused, whyUnanswered } from "./failure.js";

/** Lists the hibernations of a namespace. */
export interface HibernationReader {
  /**
   * Never rejects: what goes wrong is a lookup too, because a hibernation that cannot be checked is refused.
   *
   * @param deadlineMs when the answer is due, on the clock of `performance.now()`
   */
  list(namespace: string, deadlineMs: number): Promise<HibernationsLookup>;
}

/** The reader of a webhook that runs without a cluster. */
export const noHibernations: HibernationReader = { list: () => Promise.resolve({ result: "no-cluster" }) };

const pageSize = 500;

/**
 * Lists from the API server, page by page, each time anew: without a resource version the API server answers with what is
 * stored now, so a hibernation that was created a moment ago is there.
 */
export class ClusterHibernationReader implements HibernationReader {
  readonly #connection: Pick<ClusterConnection, "getJson">;
  readonly #onFailure: (error: RequestError) => void;

  /** @param onFailure called with why there was no answer, for the log */
  constructor(connection: Pick<ClusterConnection, "getJson">, onFailure: (error: RequestError) => void) {
    this.#connection = connection;
    this.#onFailure = onFailure;
  }

  async list(namespace: string, deadlineMs: number): Promise<HibernationsLookup> {
    for (;;) {
      const lookup = await this.#listOnce(namespace, deadlineMs);
      if (lookup !== "expired") return lookup;
    }
  }

  /** All pages come of one state of the store; where that is gone in the middle, the list has expired. */
  async #listOnce(namespace: string, deadlineMs: number): Promise<HibernationsLookup | "expired"> {
    const path = apiPath(["apis", apiGroup, apiVersionName, "namespaces", namespace, "cocoonhibernations"]);
    if (path === undefined) return unavailable(whyNameless);
    const items: unknown[] = [];
    let next = "";
    do {
      const answer = await this.#ask(pageAt(path, next), deadlineMs);
      if ("result" in answer) return answer;
      if (answer.status === 410 && next !== "") return "expired";
      const page = pageOf(answer);
      if ("result" in page) return page;
      items.push(...page.items);
      next = page.next;
    } while (next !== "");
    return { result: "listed", items };
  }

  async #ask(path: string, deadlineMs: number): Promise<JsonResponse | Unavailable> {
    const timeoutMs = deadlineMs - performance.now();
    if (timeoutMs <= 0) return unavailable(whyLate);
    try {
      return await this.#connection.getJson(path, { timeoutMs });
    } catch (error) {
      // Anything else is a mistake of ours; whoever asked refuses the request and logs it.
      if (!(error instanceof RequestError)) throw error;
      this.#onFailure(error);
      return unavailable(whyUnanswered(error));
    }
  }
}

type Unavailable = Extract<HibernationsLookup, { result: "unavailable" }>;

const unavailable = (why: string): Unavailable => ({ result: "unavailable", why });

function pageAt(path: string, next: string): string {
  const page = `${path}?limit=${pageSize}`;
  return next === "" ? page : `${page}&continue=${encodeURIComponent(next)}`;
}

interface Page {
  readonly items: readonly unknown[];
  /** `metadata.continue`: where the next page begins, empty on the last. */
  readonly next: string;
}

function pageOf({ status, body }: JsonResponse): Page | Unavailable {
  if (status !== 200) return unavailable(whyRefused(status));
  const { items, metadata } = (body ?? {}) as {
    readonly items?: unknown;
    readonly metadata?: { continue?: unknown };
  };
  const next = metadata?.continue ?? "";
  // A proxy's answer, say: what is not surely the whole list counts as none.
  if (!Array.isArray(items) || typeof next !== "string")
    return unavailable("the API server's answer is no list");
  return { items, next };
}
