import {
  apiErrorOf,
  RequestError,
  type ApiRequest,
  type ApiResponse,
  type ClusterConnection,
} from "@cocoonstack/common/k8s";

/** A Lease as far as an election needs it. */
export interface Lease {
  /** Every write carries it, so that one of two writers at the same moment is refused. */
  readonly resourceVersion: string;
  /** Undefined where nobody holds it. */
  readonly holder: string | undefined;
  /** For how long the holder may be silent; undefined where the lease does not say. */
  readonly durationMs: number | undefined;
  readonly transitions: number;
}

/** What is to be written of a Lease; what is left out stays. */
export interface LeaseChange {
  readonly holder: string | undefined;
  readonly durationMs: number;
  /** Set where the holder is a new one: how many there were before. */
  readonly transitions?: number;
}

/** See {@link LeaseClient}. */
export interface LeaseAddress {
  readonly connection: Pick<ClusterConnection, "request">;
  readonly namespace: string;
  readonly name: string;
}

/** Reads and writes one Lease. Every method rejects with an `ApiError` for an unexpected status, a `RequestError` for no answer. */
export class LeaseClient {
  readonly #address: LeaseAddress;
  readonly #collection: string;

  constructor(address: LeaseAddress) {
    this.#address = address;
    this.#collection = `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(address.namespace)}/leases`;
  }

  /** Undefined where there is none. */
  read(timeoutMs: number): Promise<Lease | undefined> {
    return this.#call({ path: this.#path, timeoutMs }, 404);
  }

  /** Undefined where somebody else was faster. */
  create(change: LeaseChange, timeoutMs: number): Promise<Lease | undefined> {
    const { namespace, name } = this.#address;
    const lease = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { namespace, name },
      spec: specOf(change),
    };
    return this.#call(
      { method: "POST", path: this.#collection, body: JSON.stringify(lease), timeoutMs },
      409,
    );
  }

  /** Undefined where the lease is another one by now. */
  async write(lease: Lease, change: LeaseChange, timeoutMs: number): Promise<Lease | undefined> {
    const { resourceVersion } = lease;
    const request = {
      method: "PATCH",
      path: this.#path,
      // A patch leaves alone what others keep on it, and what newer API servers know of.
      contentType: "application/merge-patch+json",
      body: JSON.stringify({ metadata: { resourceVersion }, spec: specOf(change) }),
      timeoutMs,
    } as const;
    return this.#call(request, 409, 404);
  }

  get #path(): string {
    return `${this.#collection}/${encodeURIComponent(this.#address.name)}`;
  }

  async #call(request: ApiRequest, ...notThere: readonly number[]): Promise<Lease | undefined> {
    const response = await this.#address.connection.request(request);
    if (notThere.includes(response.status)) return undefined;
    const what = `${request.method ?? "GET"} ${request.path}`;
    if (response.status < 200 || response.status > 299) throw apiErrorOf(what, response);
    return leaseOf(what, response);
  }
}

/** Kubernetes' MicroTime has six digits, no more and no less. Nobody's decision hangs on these times: clocks differ. */
const microTime = (): string => new Date().toISOString().replace("Z", "000Z");

function specOf({ holder, durationMs, transitions }: LeaseChange): object {
  const now = microTime();
  return {
    holderIdentity: holder ?? null,
    leaseDurationSeconds: Math.ceil(durationMs / 1_000),
    renewTime: now,
    ...(transitions !== undefined && { acquireTime: now, leaseTransitions: transitions }),
  };
}

interface LeaseJson {
  readonly metadata: { readonly resourceVersion: string };
  readonly spec?: {
    readonly holderIdentity?: string | null;
    readonly leaseDurationSeconds?: number | null;
    readonly leaseTransitions?: number | null;
  };
}

function leaseOf(what: string, { body }: ApiResponse): Lease {
  try {
    const { metadata, spec = {} } = JSON.parse(body.toString("utf8")) as LeaseJson;
    const { holderIdentity, leaseDurationSeconds, leaseTransitions } = spec;
    return {
      resourceVersion: metadata.resourceVersion,
      holder: holderIdentity == null || holderIdentity === "" ? undefined : holderIdentity,
      durationMs: leaseDurationSeconds == null ? undefined : leaseDurationSeconds * 1_000,
      transitions: leaseTransitions ?? 0,
    };
  } catch (cause) {
    throw new RequestError("malformed", `${what}: the answer is not a Lease`, { cause });
  }
}
