import { randomBytes } from "node:crypto";
import { apiErrorOf, type ClusterConnection } from "@cocoonstack/common/k8s";
import {
  fromSecretData,
  type SecretData,
  secretKeys,
  type TlsState,
  TlsStateError,
  toSecretData,
} from "./tls-state.js";

/** Where the Secret is. */
export interface SecretRef {
  readonly namespace: string;
  readonly name: string;
}

/** What is stored now. */
export type Stored =
  | { readonly found: "state"; readonly state: TlsState; readonly resourceVersion: string }
  | { readonly found: "nothing" }
  /** Somebody has spoilt it. */
  | { readonly found: "broken"; readonly fault: TlsStateError; readonly resourceVersion: string };

/**
 * The Secret is another's: it holds certificates or keys that the webhook did not put there, and whoever did would miss them.
 */
export class ForeignSecretError extends Error {
  override readonly name = "ForeignSecretError";

  constructor({ namespace, name }: SecretRef, options: ErrorOptions) {
    super(
      `Secret ${namespace}/${name} (TLS_SECRET) holds a certificate or a key that is not the webhook's, which does not write ` +
        `over it: name another Secret, or delete this one and whatever fills it, such as a Certificate of cert-manager`,
      options,
    );
  }
}

/** The Secrets that the webhook has made; a state that can be used is taken without it. */
const ownLabel = { key: "app.kubernetes.io/managed-by", value: "cocoon-webhook" } as const;

/** Whether a write took place, or another replica was faster. */
export type Written = "written" | "overtaken";

/**
 * The Secret that the replicas share. There is no leader: whoever writes first wins, and the others read what it wrote.
 *
 * Every request that fails for another reason rejects, with an ApiError or a RequestError.
 */
export class SecretStore {
  readonly #connection: Pick<ClusterConnection, "request">;
  readonly #path: string;
  readonly #ref: SecretRef;
  /** A field manager of its own: two replicas that create different things at the same instant are a conflict. */
  readonly #fieldManager = `cocoon-webhook-${randomBytes(4).toString("hex")}`;

  constructor(connection: Pick<ClusterConnection, "request">, ref: SecretRef) {
    this.#connection = connection;
    this.#ref = ref;
    this.#path = `/api/v1/namespaces/${encodeURIComponent(ref.namespace)}/secrets/${encodeURIComponent(ref.name)}`;
  }

  /** @throws {ForeignSecretError} where it would have to write over what is somebody else's. */
  async read(): Promise<Stored> {
    const response = await this.#connection.request({ path: this.#path });
    if (response.status === 404) return { found: "nothing" };
    if (response.status !== 200) throw apiErrorOf(`GET ${this.#path}`, response);
    const { metadata, data } = JSON.parse(response.body.toString("utf8")) as SecretBody;
    const resourceVersion = metadata.resourceVersion;
    try {
      return { found: "state", state: fromSecretData(decode(data ?? {})), resourceVersion };
    } catch (fault) {
      if (!(fault instanceof TlsStateError)) throw fault;
      const isOwn = metadata.labels?.[ownLabel.key] === ownLabel.value;
      const holdsKeys = secretKeys.some((key) => data?.[key] !== undefined);
      if (holdsKeys && !isOwn) throw new ForeignSecretError(this.#ref, { cause: fault });
      return { found: "broken", fault, resourceVersion };
    }
  }

  /** Creates the Secret. By server-side apply, because RBAC can bind that to one name, which it cannot do for a POST. */
  create(state: TlsState): Promise<Written> {
    const { namespace, name } = this.#ref;
    const object = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name, namespace, labels: { [ownLabel.key]: ownLabel.value } },
      type: "Opaque",
      data: withoutAbsent(encode(toSecretData(state))),
    };
    const path = `${this.#path}?fieldManager=${this.#fieldManager}&force=false`;
    return this.#patch(path, object, "application/apply-patch+yaml");
  }

  /** Replaces the state, unless the Secret has changed since it was read. */
  update(state: TlsState, resourceVersion: string): Promise<Written> {
    const patch = { metadata: { resourceVersion }, data: withNulls(encode(toSecretData(state))) };
    return this.#patch(this.#path, patch, "application/merge-patch+json");
  }

  async #patch(path: string, body: object, contentType: string): Promise<Written> {
    const response = await this.#connection.request({
      method: "PATCH",
      path,
      body: JSON.stringify(body),
      contentType,
    });
    if (response.status === 200 || response.status === 201) return "written";
    // 409: changed or created meanwhile. 404: deleted meanwhile.
    if (response.status === 409 || response.status === 404) return "overtaken";
    throw apiErrorOf(`PATCH ${this.#path}`, response);
  }
}

interface SecretBody {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
}

const decode = (data: Readonly<Record<string, string>>): Partial<SecretData> =>
  Object.fromEntries(
    secretKeys.flatMap((key) => {
      const text = data[key];
      return text === undefined ? [] : [[key, Buffer.from(text, "base64").toString("utf8")]];
    }),
  );

const encode = (data: SecretData): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(
    Object.entries(data).map(([key, text]) => [
      key,
      text === undefined ? undefined : Buffer.from(text).toString("base64"),
    ]),
  );

const withoutAbsent = (data: Readonly<Record<string, string | undefined>>): object =>
  Object.fromEntries(Object.entries(data).filter(([, text]) => text !== undefined));

/** In a merge patch, null takes a key away. */
const withNulls = (data: Readonly<Record<string, string | undefined>>): object =>
  Object.fromEntries(Object.entries(data).map(([key, text]) => [key, text ?? null]));
