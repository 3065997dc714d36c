import { issueAuthority, issueLeaf, type KeyPair } from "@cocoonstack/common/k8s";
import type { RenewalPolicy, Step } from "./next-step.js";
import { certificateOf, type TlsState } from "./tls-state.js";

/** The state after a step, with whatever has to be issued for it; the same state where there is nothing to do. */
export async function advance(
  step: Exclude<Step, "begin" | "nothing">,
  state: TlsState,
  policy: RenewalPolicy,
  now: Date,
): Promise<TlsState> {
  switch (step) {
    case "renew-leaf":
      return { ...state, leaf: await leafOf(state.authority, policy, now) };
    case "announce-authority":
      return { ...state, next: await issueAuthority({ now, lifetimeMs: policy.authorityLifetimeMs }) };
    case "switch-authority":
      return switchAuthority(state, policy, now);
    case "forget-retired":
      return { ...state, retired: undefined };
  }
}

/** A state out of nothing. */
export async function begin(policy: RenewalPolicy, now: Date): Promise<TlsState> {
  const authority = await issueAuthority({ now, lifetimeMs: policy.authorityLifetimeMs });
  return { authority, leaf: await leafOf(authority, policy, now) };
}

async function switchAuthority(state: TlsState, policy: RenewalPolicy, now: Date): Promise<TlsState> {
  const { authority, leaf, next } = state;
  if (next === undefined) return state;
  return {
    authority: next,
    leaf: await leafOf(next, policy, now),
    // Leaves that it signed before this one expire sooner.
    retired: { certPem: authority.certPem, until: new Date(certificateOf(leaf).validTo) },
  };
}

const leafOf = (authority: KeyPair, { names, leafLifetimeMs }: RenewalPolicy, now: Date): Promise<KeyPair> =>
  issueLeaf(authority, names, { now, lifetimeMs: leafLifetimeMs });
