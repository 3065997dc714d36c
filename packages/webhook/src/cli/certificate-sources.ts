import { ApiError, type ClusterConnection, sleep } from "@cocoonstack/common/k8s";
import type { Logger } from "@cocoonstack/common/log";
import { StartupError } from "@cocoonstack/program/command-line";
import type { Config } from "../config/index.js";
import { webhookName } from "../registration/index.js";
import {
  BundlePublisher,
  SecretStore,
  SelfManagedCertificates,
  type TlsState,
} from "../self-managed/index.js";
import {
  CertificateError,
  type CertificateEvents,
  type CertificateFiles,
  type CertificateRenewal,
  CertificateWatcher,
  checkTexts,
  readTexts,
  type ServingCertificate,
  validityFault,
} from "../server/index.js";

/** A certificate to begin with, and where newer ones come from. */
export interface CertificateSource {
  readonly certificate: ServingCertificate;
  /** Undefined for a certificate that was made for this run. */
  readonly renewal: CertificateRenewal | undefined;
}

/**
 * The certificate in the files that the settings name.
 *
 * @throws {CertificateError} when there is none, it cannot be served, or is not in date.
 */
export async function fromFiles({
  tlsCert,
  tlsKey,
}: Pick<Config, "tlsCert" | "tlsKey">): Promise<CertificateSource> {
  const files = { certFile: tlsCert, keyFile: tlsKey };
  const certificate = checkTexts(await readTexts(files), files);
  const fault = validityFault(certificate, new Date());
  if (fault !== undefined) throw new CertificateError(`${files.certFile}: ${fault}: install a new one`);
  return { certificate, renewal: (events) => new CertificateWatcher(files, certificate, events) };
}

/** What the webhook needs to make its certificates itself. */
export interface SelfManagedSource {
  readonly secret: NonNullable<Config["tlsSecret"]>;
  readonly config: Config;
  readonly connection: ClusterConnection;
  readonly log: Logger;
  /** Aborted to give up waiting. */
  readonly stop: AbortSignal;
}

/** Another replica writes the first state within moments, and nobody is served before it is there. */
const retryIntervalMs = 500;

/**
 * The certificate in the Secret that the replicas share; one of them makes it. Undefined when it was told to stop.
 *
 * @throws {StartupError} when the right to use the Secret or the configurations is missing.
 * @throws {ApiError | RequestError} when the API server does not do what it is asked for another reason.
 */
export async function fromSecret(source: SelfManagedSource): Promise<CertificateSource | undefined> {
  const { config, secret, connection, log, stop } = source;
  const certificates = new SelfManagedCertificates({
    store: new SecretStore(connection, secret),
    publisher: new BundlePublisher(connection, webhookName),
    policy: {
      names: config.tlsNames ?? [`${webhookName}.${secret.namespace}.svc`],
      leafLifetimeMs: config.tlsLifetimeMs,
      authorityLifetimeMs: config.tlsCaLifetimeMs,
      settleMs: config.tlsSettleMs,
    },
    log,
  });
  const files = {
    certFile: `tls.crt of Secret ${secret.namespace}/${secret.name}`,
    keyFile: `tls.key of Secret ${secret.namespace}/${secret.name}`,
  };
  const state = await firstState(certificates, stop);
  if (state === undefined) return undefined;
  const certificate = checkTexts(state.leaf, files);
  return { certificate, renewal: renewalOf(certificates, certificate, files, lookIntervalMs(config)) };
}

/** Ten looks within the last third of a certificate's life, in which it is renewed, and never less often than all else is looked at. */
const lookIntervalMs = ({ tlsLifetimeMs }: Config): number => Math.min(5000, tlsLifetimeMs / 30);

/** Another replica may be the one that makes it. */
async function firstState(
  certificates: SelfManagedCertificates,
  stop: AbortSignal,
): Promise<TlsState | undefined> {
  try {
    for (;;) {
      const state = await certificates.look();
      if (state !== undefined || stop.aborted) return state;
      await sleep(retryIntervalMs, stop);
    }
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 403) throw error;
    throw new StartupError([
      `${error.message}; TLS_SECRET needs the rights of config/components/self-managed`,
    ]);
  }
}

function renewalOf(
  certificates: SelfManagedCertificates,
  served: ServingCertificate,
  files: CertificateFiles,
  lookIntervalMs: number,
): CertificateRenewal {
  let { certPem } = served;
  let reported = "";
  const serve = (state: TlsState | undefined, events: CertificateEvents): void => {
    if (state === undefined || state.leaf.certPem === certPem) return;
    events.onChange(checkTexts(state.leaf, files));
    certPem = state.leaf.certPem;
  };
  return (events) => ({
    lookIntervalMs,
    look: async () => {
      try {
        serve(await certificates.look(), events);
        reported = "";
      } catch (cause) {
        const error = cause instanceof Error ? cause : new Error(String(cause));
        if (error.message !== reported) events.onBroken(error);
        reported = error.message;
      }
    },
  });
}
