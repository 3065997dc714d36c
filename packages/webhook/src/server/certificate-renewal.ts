import type { ServingCertificate } from "./certificate.js";

/** What a renewal tells. */
export interface CertificateEvents {
  /** A new pair is there, and can be served. */
  readonly onChange: (certificate: ServingCertificate) => void;
  /** What is there now cannot be served; told once for each reason. The pair served so far stays. */
  readonly onBroken: (error: Error) => void;
}

/** Where newer certificates come from. */
export interface CertificateLooker {
  /** Looks once. Never rejects. */
  readonly look: () => Promise<void>;
  /** How long to wait between two looks. @default 5000 */
  readonly lookIntervalMs?: number;
}

/** Makes of its events something that looks for a newer certificate when it is told to. */
export type CertificateRenewal = (events: CertificateEvents) => CertificateLooker;
