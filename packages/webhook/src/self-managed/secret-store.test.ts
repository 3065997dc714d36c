import { issueAuthority, issueLeaf, type ApiResponse } from "@cocoonstack/common/k8s";
import { beforeAll, describe, expect, it } from "vitest";
import { ForeignSecretError, SecretStore } from "./secret-store.js";
import { toSecretData } from "./tls-state.js";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const own = { "app.kubernetes.io/managed-by": "cocoon-webhook" };

/** A store whose Secret is this one. */
function storeOf(
  data: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>> = {},
): SecretStore {
  const body = Buffer.from(JSON.stringify({ metadata: { resourceVersion: "7", labels }, data }));
  const request = (): Promise<ApiResponse> => Promise.resolve({ status: 200, headers: {}, body });
  return new SecretStore({ request }, { namespace: "cocoon-system", name: "cocoon-webhook-tls" });
}

let state: Readonly<Record<string, string>>;
beforeAll(async () => {
  const validity = { now: new Date(), lifetimeMs: 3_600_000 };
  const authority = await issueAuthority(validity);
  const leaf = await issueLeaf(authority, ["a"], validity);
  const texts = Object.entries(toSecretData({ authority, leaf }));
  state = Object.fromEntries(
    texts.flatMap(([key, text]) => (text === undefined ? [] : [[key, base64(text)]])),
  );
});

describe("SecretStore", () => {
  it("takes a state that can be used, whoever has restored it", async () => {
    expect(await storeOf(state).read()).toMatchObject({ found: "state", resourceVersion: "7" });
  });

  it("finds its own Secret broken, so that it is written anew", async () => {
    expect(await storeOf({ ...state, "ca.key": base64("spoilt") }, own).read()).toMatchObject({
      found: "broken",
    });
  });

  it("fills a Secret that holds nothing of the kind", async () => {
    expect(await storeOf({ note: base64("made by hand") }).read()).toMatchObject({ found: "broken" });
  });

  it("leaves another's certificate alone, and says what to do", async () => {
    const { "tls.crt": cert = "", "tls.key": key = "" } = state;
    const read = storeOf({ "tls.crt": cert, "tls.key": key }).read();
    await expect(read).rejects.toThrow(ForeignSecretError);
    await expect(read).rejects.toThrow(
      "Secret cocoon-system/cocoon-webhook-tls (TLS_SECRET) holds a certificate",
    );
  });
});
