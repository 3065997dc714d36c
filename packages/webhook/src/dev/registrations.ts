import { ApiError, apiErrorOf, type ClusterConnection, RequestError, sleep } from "@cocoonstack/common/k8s";
import type { Metadata, WebhookConfiguration } from "../registration/index.js";
import { lostConditions } from "./lost-conditions.js";
import { labelSelector } from "./owner.js";

/** What names a configuration in a cluster. */
export interface ConfigurationRef {
  readonly kind: WebhookConfiguration["kind"];
  /** With the `uid` that the API server gave it, where that is known. */
  readonly metadata: Metadata & { readonly uid?: string };
}

const kinds = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"] as const;
const resources = {
  MutatingWebhookConfiguration: "mutatingwebhookconfigurations",
  ValidatingWebhookConfiguration: "validatingwebhookconfigurations",
} as const;

/** How long an API server that does not answer is given to take a registration back: it may be restarting. */
const removalTimeoutMs = 10_000;
const retryIntervalMs = 500;

/** How often a registration is looked for. */
const lookIntervalMs = 5000;

/** Webhook configurations in a cluster. */
export class Registrations {
  readonly #connection: Pick<ClusterConnection, "request">;

  constructor(connection: Pick<ClusterConnection, "request">) {
    this.#connection = connection;
  }

  /**
   * Creates the configurations for as long as the work takes, and deletes them however it ends.
   *
   * @param work is given what was created
   * @throws {AggregateError} of what was wrong with the work, and with the deletions.
   */
  async during<T>(
    configurations: readonly WebhookConfiguration[],
    work: (created: readonly ConfigurationRef[]) => Promise<T>,
  ): Promise<T> {
    const created: ConfigurationRef[] = [];
    const done = await settled(this.#create(configurations, created).then(() => work(created)));
    const removals = await Promise.all(created.map((one) => settled(this.remove(one))));
    const errors = [done, ...removals].flatMap((result) =>
      result.status === "rejected" ? [result.reason as unknown] : [],
    );
    if (done.status === "fulfilled" && errors.length === 0) return done.value;
    throw new AggregateError(errors, "the registration failed");
  }

  /** Resolves with one that somebody else has deleted, or with undefined once the signal is given. */
  async untilGone(
    created: readonly ConfigurationRef[],
    signal: AbortSignal,
  ): Promise<ConfigurationRef | undefined> {
    while (await sleep(lookIntervalMs, signal)) {
      const areGone = await Promise.all(created.map((one) => this.#isGone(one, signal)));
      const gone = created.find((_, index) => areGone[index] === true);
      if (gone !== undefined) return gone;
    }
    return undefined;
  }

  /**
   * Deletes a configuration, which may be gone already; where its `uid` is known, none that was made by that name since.
   *
   * @throws {Error} that names it, when it may still be there.
   */
  async remove(configuration: ConfigurationRef): Promise<void> {
    const deadlineMs = performance.now() + removalTimeoutMs;
    for (;;) {
      try {
        await this.#delete(configuration);
        return;
      } catch (cause) {
        if (!isPassing(cause) || performance.now() > deadlineMs) throw notRemoved(configuration, cause);
        await sleep(retryIntervalMs);
      }
    }
  }

  /**
   * Every registration for development, whoever made it.
   *
   * @throws {ApiError | RequestError} when they cannot be listed.
   */
  async list(): Promise<readonly ConfigurationRef[]> {
    const lists = await Promise.all(
      kinds.map(async (kind) => {
        const path = `${pathOf(kind)}?labelSelector=${encodeURIComponent(labelSelector)}`;
        const response = await this.#connection.request({ path });
        if (response.status !== 200) throw apiErrorOf(`GET ${path}`, response);
        const { items } = JSON.parse(response.body.toString("utf8")) as {
          items: readonly ConfigurationRef[];
        };
        // Items of a list do not carry their kind.
        return items.map(({ metadata }) => ({ kind, metadata }));
      }),
    );
    return lists.flat();
  }

  /** One after the other: where the first is forbidden, the second is not tried. */
  async #create(configurations: readonly WebhookConfiguration[], created: ConfigurationRef[]): Promise<void> {
    for (const { kind, ...rest } of configurations) {
      const path = pathOf(kind);
      const body = JSON.stringify({ kind, ...rest });
      const response = await settled(this.#connection.request({ method: "POST", path, body }));
      // Nobody knows whether it was created where the answer was lost, or came from a server that gave up.
      const isRefused =
        response.status === "fulfilled" && response.value.status >= 400 && response.value.status < 500;
      if (!isRefused) created.push({ kind, metadata: rest.metadata });
      if (response.status === "rejected") throw response.reason;
      if (response.value.status !== 201) throw apiErrorOf(`POST ${path}`, response.value);
      const stored = JSON.parse(response.value.body.toString("utf8")) as WebhookConfiguration;
      created.splice(-1, 1, { kind, metadata: stored.metadata });
      const lost = lostConditions(rest, stored);
      if (lost.length > 0) throw unbounded(kind, lost);
    }
  }

  async #isGone({ kind, metadata }: ConfigurationRef, signal: AbortSignal): Promise<boolean> {
    const path = `${pathOf(kind)}/${encodeURIComponent(metadata.name)}`;
    const response = await settled(this.#connection.request({ path, signal, timeoutMs: lookIntervalMs }));
    // An API server that does not answer, or forbids the look, does not say that it is gone.
    if (response.status === "rejected") return false;
    if (response.value.status === 404) return true;
    if (response.value.status !== 200) return false;
    const found = JSON.parse(response.value.body.toString("utf8")) as ConfigurationRef;
    return found.metadata.uid !== metadata.uid;
  }

  async #delete({ kind, metadata: { name, uid } }: ConfigurationRef): Promise<void> {
    const path = `${pathOf(kind)}/${encodeURIComponent(name)}`;
    const preconditions = uid === undefined ? undefined : { uid };
    const body = JSON.stringify({ apiVersion: "v1", kind: "DeleteOptions", preconditions });
    const timeoutMs = removalTimeoutMs / 2;
    const response = await this.#connection.request({ method: "DELETE", path, body, timeoutMs });
    const isGone = response.status === 404 || (response.status === 409 && uid !== undefined);
    if (response.status !== 200 && !isGone) throw apiErrorOf(`DELETE ${path}`, response);
  }
}

const pathOf = (kind: keyof typeof resources): string =>
  `/apis/admissionregistration.k8s.io/v1/${resources[kind]}`;

const settled = async <T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> => {
  const [result] = await Promise.allSettled([promise]);
  return result;
};

const isPassing = (error: unknown): boolean =>
  error instanceof RequestError ||
  (error instanceof ApiError && (error.status === 429 || error.status >= 500));

const unbounded = (kind: string, lost: readonly string[]): Error =>
  new Error(
    `this cluster stored the ${kind} without the matchConditions of ${lost.join(", ")}, so that it would ask about far more than ` +
      "it should: they need Kubernetes 1.28 or later; take a newer cluster",
  );

function notRemoved({ kind, metadata: { name } }: ConfigurationRef, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Error(
    `${kind} ${name} could not be deleted: ${why}; do it by 'kubectl delete ${kind.toLowerCase()} ${name}', or start again`,
    { cause },
  );
}
