import type { RequestError } from "@cocoonstack/common/k8s";

// What a caller may know of a question to the API server that failed: nothing of the network or the accounts behind it.
// The log has the rest.

/** Why there was no answer at all. */
export const whyUnanswered = ({ kind }: RequestError): string =>
  whyOf[kind] ?? "the API server could not be reached";

const whyOf: Partial<Record<RequestError["kind"], string>> = {
  timeout: "the API server did not answer in time",
  credentials: "the webhook has no credentials for the API server",
  tls: "the API server's certificate is not trusted",
  "too-large": "the API server's answer is too long",
  malformed: "the API server's answer is not JSON",
};

/** Nothing can be asked about it. */
export const whyNameless = "its namespace or name is none that an object can have";

/** The answer was awaited for as long as its asker could wait. */
export const whyLate = "the API server did not answer in time";

/** Why an answer with this status is none. */
export const whyRefused = (status: number): string =>
  // Trying again does not help here, and those who can mend it have to be told what is missing.
  status === 403
    ? "the webhook may not read it: its account lacks the rights of config/rbac"
    : `the API server answered ${status}`;
