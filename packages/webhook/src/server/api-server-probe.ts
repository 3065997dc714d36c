import type { ClusterConnection } from "@cocoonstack/common/k8s";
import type { ReadinessCheck } from "@cocoonstack/program/endpoints";

/** Anyone who is authenticated may read it, so it needs no RBAC rule, and it proves the credentials as well. */
const probePath = "/version";
const probeTimeoutMs = 3000;

/** How many failures in a row make the webhook unready; one success makes it ready again. */
const tolerance = 3;

/**
 * Whether the API server can be reached, asked in the background, so that a probe of kubelet is never slowed by it. A
 * single lost request does not take a replica out of the Service.
 */
export class ApiServerProbe implements ReadinessCheck {
  readonly name = "api-server";
  readonly #connection: Pick<ClusterConnection, "getJson">;
  #failures = 0;

  constructor(connection: Pick<ClusterConnection, "getJson">) {
    this.#connection = connection;
  }

  readonly fault = (): string | undefined =>
    this.#failures >= tolerance
      ? `the API server did not answer ${this.#failures} times in a row; the log says why`
      : undefined;

  /** Asks once; resolves to what is wrong in detail, or undefined. Never rejects. */
  async ask(): Promise<string | undefined> {
    const fault = await this.#faultOf();
    this.#failures = fault === undefined ? 0 : this.#failures + 1;
    return fault;
  }

  async #faultOf(): Promise<string | undefined> {
    try {
      const { status } = await this.#connection.getJson(probePath, { timeoutMs: probeTimeoutMs });
      if (status === 401) return "the API server does not accept the webhook's credentials (401)";
      return status === 200 ? undefined : `the API server answered ${status} to GET ${probePath}`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}
