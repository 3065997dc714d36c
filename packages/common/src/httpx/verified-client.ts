import type { IncomingMessage } from "node:http";
import { type PeerCertificate, TLSSocket } from "node:tls";

/**
 * Who a client is, by a certificate that was verified.
 *
 * @example
 * ```ts
 * const isApiServer = ({ commonName }: VerifiedClient): boolean => commonName === "kube-apiserver";
 * ```
 */
export interface VerifiedClient {
  /** Undefined where the subject has none, or several. */
  readonly commonName: string | undefined;
  readonly notAfter: Date;
}

/**
 * Why a client is not verified: it sent no certificate, one that the authorities do not vouch for (with OpenSSL's code for
 * it, such as `UNABLE_TO_VERIFY_LEAF_SIGNATURE`), or one that has expired since its connection was opened.
 *
 * @example
 * ```ts
 * const fault: ClientFault = { fault: "untrusted", code: "CERT_HAS_EXPIRED" };
 * ```
 */
export type ClientFault =
  { readonly fault: "none" | "expired" } | { readonly fault: "untrusted"; readonly code: string };

/** By connection, because a certificate is sent once for all of its requests. */
const verdicts = new WeakMap<TLSSocket, VerifiedClient | ClientFault>();

/**
 * The client of a request to a server with `tls.clientCa`: who it is, or why that cannot be said. A kept connection is
 * good only for as long as its client's certificate.
 *
 * @example
 * ```ts
 * const handler: Handler = (request, response) => {
 *   const client = verifiedClient(request);
 *   response.writeHead("fault" in client ? 401 : 200).end();
 * };
 * ```
 */
export function verifiedClient({ socket }: Pick<IncomingMessage, "socket">): VerifiedClient | ClientFault {
  if (!(socket instanceof TLSSocket)) return { fault: "none" };
  const verdict = verdicts.get(socket) ?? verdictOn(socket);
  verdicts.set(socket, verdict);
  return "notAfter" in verdict && verdict.notAfter.getTime() < Date.now() ? { fault: "expired" } : verdict;
}

function verdictOn(socket: TLSSocket): VerifiedClient | ClientFault {
  const certificate = socket.getPeerCertificate() as Partial<PeerCertificate>;
  // Not `authorized` alone: Node says that of a client without a certificate, too, where it resumes a session of TLS 1.3.
  if (certificate.valid_to === undefined) return { fault: "none" };
  if (!socket.authorized) return { fault: "untrusted", code: String(socket.authorizationError) };
  // An array where there are several, whatever the types say.
  const commonName: unknown = certificate.subject?.CN;
  return {
    commonName: typeof commonName === "string" ? commonName : undefined,
    notAfter: new Date(certificate.valid_to),
  };
}
