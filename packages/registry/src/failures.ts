import { inOneLine, ociErrors, RegistryError, sayAbsence, type RegistryErrorKind } from "./protocol/index.js";
import { retryAfterMs } from "./retry-after.js";
import type { TryResult } from "./resilience/index.js";
import type { HttpAnswer } from "./transport.js";

/** Statuses that may be different in a moment. */
const passes = (status: number): boolean =>
  status === 408 || status === 429 || (status >= 500 && status !== 501);

/** The error of an answer that may be different in a moment; undefined for any other answer. */
export function passingFailure(what: string, answer: HttpAnswer): RegistryError | undefined {
  if (!passes(answer.status)) return undefined;
  return new RegistryError("unavailable", `${what}: ${saidIn(answer)}`, {
    status: answer.status,
    retryAfterMs: retryAfterMs(answer.headers["retry-after"], Date.now()),
  });
}

/** The error of an answer that no try will change. */
export function refusalOf(what: string, answer: HttpAnswer): RegistryError {
  const codes = ociErrors(answer.body).map(({ code }) => code);
  return new RegistryError(kindOf(answer.status, codes), `${what}: ${saidIn(answer)}`, {
    status: answer.status,
  });
}

function kindOf(status: number, codes: readonly string[]): RegistryErrorKind {
  if (status < 400) return "malformed";
  if (status === 405 || status === 501 || codes.includes("UNSUPPORTED")) return "unsupported";
  if (status === 401 || codes.includes("UNAUTHORIZED")) return "unauthorized";
  return status === 403 || codes.includes("DENIED") ? "denied" : "rejected";
}

function saidIn({ status, body }: HttpAnswer): string {
  const said = inOneLine(ociErrors(body));
  return `the registry answers ${status}${said === "" ? "" : ` (${said})`}`;
}

/**
 * Whether a 404 comes from a registry. Any web server and any proxy in front says 404 as well, and "no such tag" is what
 * irreversible steps rest on.
 */
export const isAbsence = ({ headers, body }: HttpAnswer): boolean =>
  (headers["docker-distribution-api-version"] ?? "").startsWith("registry/2") || sayAbsence(ociErrors(body));

/** What an error says of the registry as a whole. */
export function resultOf(error: unknown): TryResult {
  if (!(error instanceof RegistryError)) return "neutral";
  switch (error.kind) {
    case "unavailable":
      // Whoever asks for patience is alive.
      return error.status === 429 || error.status === 408 ? "neutral" : "failure";
    case "timeout":
    case "tls":
      return "failure";
    case "aborted":
    case "closed":
    case "credentials":
      return "neutral";
    default:
      return "success";
  }
}
