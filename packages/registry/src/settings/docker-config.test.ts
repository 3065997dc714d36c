import { describe, expect, it } from "vitest";
import { dockerCredentials } from "./docker-config.js";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const find = (
  config: object,
  host = "registry.example.com",
  prefix = "",
): ReturnType<typeof dockerCredentials> => dockerCredentials(JSON.stringify(config), host, prefix);
const ada = { kind: "basic", username: "ada", password: "a:b" };
const entry = { auth: base64("ada:a:b") };

describe("dockerCredentials", () => {
  it.each([
    ["the host", "registry.example.com"],
    ["a URL", "https://registry.example.com"],
    ["a URL of the API", "https://registry.example.com/v2/"],
    ["a URL of the old API", "https://registry.example.com/v1/"],
  ])("finds an entry by %s", (_what, key) => {
    expect(find({ auths: { [key]: entry } })).toEqual({ ok: true, credentials: ada });
  });

  it.each([
    ["another host", { "example.com": entry }],
    ["the beginning of the name alone", { "registry.example.co": entry }],
    ["another port", { "registry.example.com:5000": entry }],
    ["another path", { "registry.example.com/other": entry }],
    ["a path that begins alike", { "registry.example.com/te": entry }],
  ])("does not take an entry for %s", (_what, auths) => {
    expect(find({ auths }, "registry.example.com", "team/vms")).toEqual({
      ok: true,
      credentials: { kind: "anonymous" },
    });
  });

  it("takes the entry with the longest path", () => {
    const auths = {
      "registry.example.com": { auth: base64("host:x") },
      "registry.example.com/team": entry,
      "registry.example.com/team/other": { auth: base64("other:x") },
    };
    expect(find({ auths }, "registry.example.com", "team/vms")).toEqual({ ok: true, credentials: ada });
  });

  it.each([
    [{ username: "ada", password: "a:b" }, ada],
    [
      { ...entry, identitytoken: "i" },
      { kind: "identity", token: "i" },
    ],
    [{ registrytoken: "r" }, { kind: "bearer", token: "r" }],
    [{}, { kind: "anonymous" }],
  ])("reads %j", (auth, credentials) => {
    expect(find({ auths: { "registry.example.com": auth } })).toEqual({ ok: true, credentials });
  });

  it.each([
    ["that is no JSON", "{", "holds no JSON object"],
    ["with a list of auths", '{"auths":[]}', "has 'auths' or 'credHelpers' of another form"],
    ["with an entry that is a text", '{"auths":{"registry.example.com":"x"}}', "that is no object"],
    [
      "with a secret that has no user",
      `{"auths":{"registry.example.com":{"auth":"${base64("x")}"}}}`,
      "USER:PASSWORD",
    ],
  ])("refuses a file %s", (_what, text, fault) => {
    expect(dockerCredentials(text, "registry.example.com", "")).toEqual({
      ok: false,
      fault: expect.stringContaining(fault) as string,
    });
  });

  it.each([
    ["by name", { credHelpers: { "registry.example.com": "ecr-login" }, auths: {} }, "ecr-login"],
    [
      "by leaving its entry empty",
      { credsStore: "desktop", auths: { "registry.example.com": {} } },
      "desktop",
    ],
  ])(
    "refuses a file that leaves the registry to a program, %s, and says what to do",
    (_what, config, helper) => {
      const result = find(config);
      expect(result).toEqual({
        ok: false,
        fault: expect.stringContaining(`docker-credential-${helper}`) as string,
      });
      expect(result).toEqual({
        ok: false,
        fault: expect.stringContaining("OCI_REGISTRY_TOKEN_FILE") as string,
      });
    },
  );

  it("is content with a file whose programs are for others", () => {
    const config = { credsStore: "desktop", credHelpers: { "other.example.com": "x" }, auths: {} };
    expect(find(config)).toEqual({ ok: true, credentials: { kind: "anonymous" } });
    expect(find({ ...config, auths: { "registry.example.com": entry } })).toEqual({
      ok: true,
      credentials: ada,
    });
  });
});
