import { ApiError, apiErrorOf, type ClusterConnection, RequestError, sleep } from "@cocoonstack/common/k8s";
import type { WebhookConfiguration } from "../registration/index.js";
import { labelSelector } from "./owner.js";

/** What names a configuration in a cluster. */
export type ConfigurationRef = Pick<WebhookConfiguration, "kind" | "metadata">;

const kinds = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"] as const;
const resources = {
  MutatingWebhookConfiguration: "mutatingwebhookconfigurations",
  ValidatingWebhookConfiguration: "validatingwebhookconfigurations",
} as const;

/** How long an API server that does not answer is given to take a registration back: it may be restarting. */
const removalTimeoutMs = 10_000;
const retryIntervalMs = 500;

/** Webhook configurations in a cluster. */
export class Registrations {
  readonly #connection: Pick<ClusterConnection, "request">;

  constructor(connection: Pick<ClusterConnection, "request">) {
    this.#connection = connection;
  }

  /**
   * Creates the configurations for as long as the work takes, and deletes them however it ends.
   *
   * @throws {AggregateError} of what was wrong with the work, and with the deletions.
   */
  async during<T>(configurations: readonly WebhookConfiguration[], work: () => Promise<T>): Promise<T> {
    const done = await settled(this.#create(configurations).then(work));
    // Also those of which nobody knows whether they were created: the answer may have been lost.
    const removals = await Promise.all(
      configurations.map((configuration) => settled(this.remove(configuration))),
    );
    const errors = [done, ...removals].flatMap((result) =>
      result.status === "rejected" ? [result.reason as unknown] : [],
    );
    if (done.status === "fulfilled" && errors.length === 0) return done.value;
    throw new AggregateError(errors, "the registration failed");
  }

  /**
   * Deletes a configuration, which may be gone already.
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
  async #create(configurations: readonly WebhookConfiguration[]): Promise<void> {
    for (const configuration of configurations) {
      const path = pathOf(configuration.kind);
      const body = JSON.stringify(configuration);
      const response = await this.#connection.request({ method: "POST", path, body });
      if (response.status !== 201) throw apiErrorOf(`POST ${path}`, response);
    }
  }

  async #delete({ kind, metadata }: ConfigurationRef): Promise<void> {
    const path = `${pathOf(kind)}/${encodeURIComponent(metadata.name)}`;
    const timeoutMs = removalTimeoutMs / 2;
    const response = await this.#connection.request({ method: "DELETE", path, timeoutMs });
    if (response.status !== 200 && response.status !== 404) throw apiErrorOf(`DELETE ${path}`, response);
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

function notRemoved({ kind, metadata: { name } }: ConfigurationRef, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Error(
    `${kind} ${name} could not be deleted: ${why}; do it by 'kubectl delete ${kind.toLowerCase()} ${name}', or start again`,
    { cause },
  );
}
