/**
 * How to reach an API server, and as whom: what Go's `rest.Config` is. {@link loadConfig} makes one.
 *
 * @example
 * ```ts
 * const config: ClusterConfig = await loadConfig();
 * log.info({ server: config.server, source: config.source }, "cluster");
 * ```
 */
export interface ClusterConfig {
  /** Base URL of the API server, without a slash at the end: `https://10.96.0.1:443`, `https://host/k8s/clusters/c-1`. */
  readonly server: string;
  /** Where this came from, for the log: `in-cluster`, `/home/me/.kube/config (context prod)`. */
  readonly source: string;
  /** The name of the kubeconfig's context; undefined in a pod. */
  readonly context: string | undefined;
  /** The namespace of the context or of the service account; undefined when neither names one. */
  readonly namespace: string | undefined;
  /** How the server proves who it is, besides {@link ClientTls.ca}. */
  readonly verify: ServerVerification;
  /**
   * The credentials of this moment. Cheap: files are re-read at most once per reload interval and an exec plugin runs again
   * only when its answer has expired, so call it before every request. While nothing changed, the same object comes back.
   * A file that cannot be read any more counts as unchanged.
   *
   * @throws {ConfigError} when there are none.
   */
  credentials(): Promise<Credentials>;
  /** Drops what is cached of these credentials because the server refused them, so that the next call reads anew. */
  forget(refused: Credentials): void;
}

/**
 * See {@link ClusterConfig.verify}.
 *
 * @example
 * ```ts
 * const verify: ServerVerification = { serverName: "kubernetes.default.svc", skip: false };
 * ```
 */
export interface ServerVerification {
  /** The name that the server's certificate must carry; undefined: the host of the URL. */
  readonly serverName: string | undefined;
  /** True accepts any certificate (`insecure-skip-tls-verify`): for experiments only. */
  readonly skip: boolean;
}

/**
 * What a request carries to say who sends it.
 *
 * @example
 * ```ts
 * const credentials: Credentials = await (await loadConfig()).credentials();
 * const isByToken = "authorization" in credentials.headers;
 * ```
 */
export interface Credentials {
  /** Headers for every request, among them `authorization`. Secret: never log them. */
  readonly headers: Readonly<Record<string, string>>;
  /** What a connection needs. */
  readonly tls: ClientTls;
}

/**
 * Certificates in PEM; they may change while the process runs.
 *
 * @example
 * ```ts
 * const isByCertificate = ({ cert }: ClientTls): boolean => cert !== undefined;
 * isByCertificate({ ca: undefined, cert: undefined, key: undefined }); // false
 * ```
 */
export interface ClientTls {
  /** Who may sign the server's certificate; undefined: the authorities that Node trusts. */
  readonly ca: string | undefined;
  /** Client certificate chain. */
  readonly cert: string | undefined;
  /** Its private key. Secret. */
  readonly key: string | undefined;
}
