import {
  type HttpServer,
  type ListenAddress,
  type Phase,
  run,
  type ServerTls,
} from "@cocoonstack/common/httpx";
import type { ClusterConnection } from "@cocoonstack/common/k8s";
import type { Logger } from "@cocoonstack/common/log";
import type { BuildInfo } from "@cocoonstack/program/command-line";
import {
  metricsServer,
  processMetrics,
  type ReadinessCheck,
  readinessLog,
  repeat,
} from "@cocoonstack/program/endpoints";
import { Registry } from "prom-client";
import { AdmissionMetrics, endpointsOf, type Observers } from "../admission/index.js";
import type { Config } from "../config/index.js";
import {
  ClusterHibernationReader,
  ClusterParentReader,
  type HibernationReader,
  noCluster,
  noHibernations,
  type ParentReader,
} from "../facts/index.js";
import { admissionServer } from "./admission-server.js";
import { ApiServerProbe } from "./api-server-probe.js";
import type { ServingCertificate } from "./certificate.js";
import type { CertificateEvents, CertificateRenewal } from "./certificate-renewal.js";
import { CertificateMetrics } from "./certificate-metrics.js";
import type { AuthorityEvents, ClientAuthorities } from "./client-authorities.js";
import { CurrentCertificate } from "./current-certificate.js";

/** What a running webhook is made of. */
export interface WebhookOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly build: BuildInfo;
  /** The certificate to begin with. */
  readonly certificate: ServingCertificate;
  /** Where newer ones come from; undefined for a certificate that was made for this run. */
  readonly renewal: CertificateRenewal | undefined;
  /** Those whose clients may ask; undefined: anybody may. */
  readonly clientAuthorities: ClientAuthorities | undefined;
  /** The cluster; undefined for a webhook without one. */
  readonly connection: ClusterConnection | undefined;
  /** Aborted to stop. */
  readonly signal: AbortSignal;
  /** Aborted to stop without waiting for clients to leave. */
  readonly hurry: AbortSignal;
  /** Called once, when both servers listen. */
  readonly onListening: (addresses: Addresses) => void;
  /** Told of every decision, with what the log says of it. @default nobody is told */
  readonly onDecision?: Observers["onDecision"];
}

/** Where a webhook really listens. */
export interface Addresses {
  readonly admission: ListenAddress;
  readonly metrics: ListenAddress;
}

/** How often a newer certificate is looked for, the API server is asked whether it is there, and readiness is logged. */
const lookIntervalMs = 5000;

/**
 * Serves until the signal is given and everything in flight is answered.
 *
 * @throws AggregateError of all that went wrong, such as addresses that cannot be listened on
 */
export async function runWebhook(options: WebhookOptions): Promise<void> {
  const { config, log, connection, clientAuthorities, signal } = options;
  const registry = new Registry();
  const metrics = new AdmissionMetrics(registry);
  processMetrics(registry, "cocoon_webhook", options.build);
  const certificateMetrics = new CertificateMetrics(registry);
  const certificate = new CurrentCertificate(options.certificate);
  const probe = connection && new ApiServerProbe(connection);
  let tls: ServerTls = {
    ...pairOf(options.certificate),
    ...(clientAuthorities && { clientCa: clientAuthorities.pem }),
  };

  const serving: ReadinessCheck = {
    name: "serving",
    fault: () => (admission.phase === "serving" ? undefined : "the webhook is stopping"),
  };
  const checks = [certificate, ...(probe === undefined ? [] : [probe]), serving];
  const admission: HttpServer = admissionServer({
    config,
    log,
    metrics,
    onDecision: options.onDecision,
    endpoints: endpointsOf({
      podCreators: config.podCreators,
      parents: parentReader(options, metrics),
      hibernations: hibernationReader(options),
    }),
    tls,
    checks,
  });
  const change = (part: Partial<ServerTls>): void => {
    const changed = { ...tls, ...part };
    admission.setTls(changed);
    tls = changed;
  };
  const serve = (renewed: ServingCertificate): void => {
    change(pairOf(renewed));
    certificate.replace(renewed);
    certificateMetrics.certificate(renewed);
    log.info({ subject: renewed.description, notAfter: renewed.notAfter }, "serving a new certificate");
  };
  certificateMetrics.certificate(options.certificate);

  const renewal = options.renewal?.(certificateEvents(log, serve));
  if (renewal !== undefined) repeat(() => renewal.look(), renewal.lookIntervalMs ?? lookIntervalMs, signal);
  const authorities = clientAuthorities?.watch(authorityEvents(log, change));
  if (authorities !== undefined) repeat(() => authorities.look(), lookIntervalMs, signal);
  repeat(certificate.expiryLog(log), lookIntervalMs, signal);
  if (probe !== undefined) {
    const ask = async (): Promise<void> => {
      const fault = await probe.ask();
      if (fault !== undefined) log.warn({ fault }, "the API server did not answer");
    };
    repeat(ask, lookIntervalMs, signal);
  }
  repeat(readinessLog(checks, log), lookIntervalMs, signal);

  await run([admission, metricsServer(config.metricsAddr, registry, log)], {
    signal,
    hurry: options.hurry,
    drainDelayMs: config.drainDelayMs,
    shutdownTimeoutMs: config.shutdownTimeoutMs,
    onReady: ([admissionAddress, metricsAddress]) => {
      if (admissionAddress === undefined || metricsAddress === undefined) return;
      options.onListening({ admission: admissionAddress, metrics: metricsAddress });
    },
    onPhase: (phase) => {
      if (phase !== "serving") log.info({ phase }, phaseTexts[phase]);
    },
  });
}

const certificateEvents = (
  log: Logger,
  onChange: (certificate: ServingCertificate) => void,
): CertificateEvents => ({
  onChange,
  onBroken: (error) => {
    log.error({ err: error }, "no new certificate can be served; the old one stays");
  },
});

const authorityEvents = (log: Logger, change: (part: Partial<ServerTls>) => void): AuthorityEvents => ({
  onChange: (clientCa) => {
    change({ clientCa });
    log.info({}, "clients are verified by new certificate authorities");
  },
  onBroken: (error) => {
    log.error(
      { err: error },
      "no new certificate authorities can be used; clients are verified by the old ones",
    );
  },
});

const pairOf = ({ certPem, keyPem }: ServingCertificate): ServerTls => ({ cert: certPem, key: keyPem });

function parentReader({ connection, log }: WebhookOptions, metrics: AdmissionMetrics): ParentReader {
  if (connection === undefined) return noCluster;
  return new ClusterParentReader(connection, (result, durationMs, error) => {
    metrics.parentFetched(result, durationMs);
    if (error !== undefined)
      log.warn({ err: error }, "the workload behind a scale request could not be read");
  });
}

function hibernationReader({ connection, log }: WebhookOptions): HibernationReader {
  if (connection === undefined) return noHibernations;
  return new ClusterHibernationReader(connection, (error) => {
    log.warn({ err: error }, "the CocoonHibernations of a namespace could not be listed");
  });
}

const phaseTexts: Record<Exclude<Phase, "serving">, string> = {
  draining: "stopping: unready, still serving while API servers learn of it",
  closing: "stopping: finishing what is in flight",
};
