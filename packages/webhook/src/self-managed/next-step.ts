import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { backdateMs } from "@cocoonstack/common/k8s";
import { certificateOf, type TlsState } from "./tls-state.js";

/** How certificates are renewed. */
export interface RenewalPolicy {
  /** Host names and IP addresses that API servers reach the webhook by. */
  readonly names: readonly string[];
  readonly leafLifetimeMs: number;
  readonly authorityLifetimeMs: number;
  /** How long API servers may take to see a changed configuration. */
  readonly settleMs: number;
}

/** What the replicas' certificates need next. */
export type Step =
  | "nothing"
  /** There is none, or what there is has expired: begin anew. */
  | "begin"
  /** The leaf is due: sign another one. */
  | "renew-leaf"
  /** The authority is due: make API servers trust the one that will follow it. */
  | "announce-authority"
  /** API servers trust the next authority: let it sign, and retire the one before. */
  | "switch-authority"
  /** No leaf of the retired authority is in date any more: trust it no longer. */
  | "forget-retired";

/** What was observed, besides the state. */
export interface Observed {
  readonly now: Date;
  /** For how long all API servers could have read the present bundle, undefined while it is not published everywhere. */
  readonly publishedForMs: number | undefined;
}

/**
 * The order in which nothing is ever served that API servers do not trust yet: a new authority is trusted for a while
 * before it signs, and the old one for as long as a leaf of its may be served.
 */
export function nextStep(
  state: TlsState | undefined,
  policy: Pick<RenewalPolicy, "names" | "settleMs">,
  { now, publishedForMs = -1 }: Observed,
): Step {
  if (state === undefined || expiryOf(certificateOf(state.authority)) <= now.getTime()) return "begin";
  if (state.next !== undefined && publishedForMs >= policy.settleMs) return "switch-authority";
  const leaf = certificateOf(state.leaf);
  if (isDue(leaf, now) || !servesAll(leaf, policy.names)) return "renew-leaf";
  return stepOfAuthorities(state, now);
}

/** One authority follows another only when nothing is left of the one before. */
function stepOfAuthorities({ authority, next, retired }: TlsState, now: Date): Step {
  if (retired !== undefined) return retired.until < now ? "forget-retired" : "nothing";
  return next === undefined && isDue(certificateOf(authority), now) ? "announce-authority" : "nothing";
}

const expiryOf = ({ validTo }: X509Certificate): number => Date.parse(validTo);

/** A certificate is due with a third of its life left, which leaves time to see that renewal fails. */
function isDue(certificate: X509Certificate, now: Date): boolean {
  const issued = Date.parse(certificate.validFrom) + backdateMs;
  const expiry = expiryOf(certificate);
  return now.getTime() >= expiry - (expiry - issued) / 3;
}

/** The names may have changed with the configuration. */
const servesAll = (leaf: X509Certificate, names: readonly string[]): boolean =>
  names.every((name) => (isIP(name) === 0 ? leaf.checkHost(name) : leaf.checkIP(name)) !== undefined);
