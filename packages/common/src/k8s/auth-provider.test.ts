import { expect, test } from "vitest";
import { authProvider } from "./auth-provider.js";
import { ConfigError } from "./config-error.js";

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

const oidc = (expiresIn: number, more: object = {}) => {
  const token = `${part({ alg: "none" })}.${part({ exp: Date.now() / 1000 + expiresIn })}.x`;
  return { token, provider: { name: "oidc", config: { "id-token": token, ...more } } };
};

test("a token that is still good becomes the header", async () => {
  const { token, provider } = oidc(3600);
  expect(await authProvider(provider).current()).toEqual({ headers: { authorization: `Bearer ${token}` } });
});

test("a token that can't be renewed is an error with a way out", async () => {
  const { provider } = oidc(-3600, {
    "client-id": "c",
    "refresh-token": "r",
    "idp-issuer-url": "http://127.0.0.1:1",
  });
  await expect(authProvider(provider).current()).rejects.toThrow(ConfigError);
});
