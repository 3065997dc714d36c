import { beforeAll, describe, expect, it } from "vitest";
import { advance, begin } from "./advance.js";
import type { RenewalPolicy } from "./next-step.js";
import { fromSecretData, type SecretData, type TlsState, TlsStateError, toSecretData } from "./tls-state.js";

const policy: RenewalPolicy = { names: ["a"], leafLifetimeMs: 1e6, authorityLifetimeMs: 1e7, settleMs: 1 };
let fresh: TlsState;
let announced: TlsState;
let switched: TlsState;
beforeAll(async () => {
  const now = new Date();
  fresh = await begin(policy, now);
  announced = await advance("announce-authority", fresh, policy, now);
  switched = await advance("switch-authority", announced, policy, now);
});

describe("the Secret", () => {
  it("holds every state without loss", () => {
    for (const state of [fresh, announced, switched]) {
      expect(fromSecretData(toSecretData(state))).toEqual({ next: undefined, retired: undefined, ...state });
    }
  });

  it("keeps no key of an authority that signs no more", () => {
    expect(Object.values(toSecretData(switched)).join("")).not.toContain(fresh.authority.keyPem);
  });

  it.each<[string, (data: SecretData) => Partial<SecretData>]>([
    ["ca.crt is missing", (data) => ({ ...data, "ca.crt": undefined })],
    ["tls.key is missing", (data) => ({ ...data, "tls.key": undefined })],
    ["next-ca.key is missing", () => ({ ...toSecretData(announced), "next-ca.key": undefined })],
    ["retired-ca-until is missing", () => ({ ...toSecretData(switched), "retired-ca-until": undefined })],
    ["retired-ca-until is no time", () => ({ ...toSecretData(switched), "retired-ca-until": "soon" })],
    ["ca.crt cannot be read", (data) => ({ ...data, "ca.crt": "secret words" })],
    ["tls.key cannot be read", (data) => ({ ...data, "tls.key": "secret words" })],
    ["ca.key does not belong to ca.crt", (data) => ({ ...data, "ca.key": data["tls.key"] })],
    [
      "tls.crt is not signed by ca.crt",
      () => ({
        ...toSecretData(switched),
        "ca.crt": fresh.authority.certPem,
        "ca.key": fresh.authority.keyPem,
      }),
    ],
  ])("is refused where %s, without a word of what is in it", (message, change) => {
    const read = (): TlsState => fromSecretData(change(toSecretData(fresh)));
    expect(read).toThrow(TlsStateError);
    expect(read).toThrow(new RegExp(`^${message.replaceAll(".", "\\.")}$`));
  });
});
