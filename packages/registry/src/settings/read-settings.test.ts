import { describe, expect, it } from "vitest";
import { generateSelfSignedCert } from "@cocoonstack/common/k8s";
import { readSettings, type Environment, type RegistrySettings } from "./read-settings.js";

type Files = Record<string, string>;

function reader(files: Files): (path: string) => Promise<string> {
  return (path) => {
    const text = files[path];
    const missing = Object.assign(new Error(`no ${path}`), { code: "ENOENT" });
    return text === undefined ? Promise.reject(missing) : Promise.resolve(text);
  };
}

async function settingsOf(env: Environment, files: Files = {}): Promise<RegistrySettings> {
  const result = await readSettings(env, reader(files));
  if (!result.ok) throw new Error(result.faults.join("; "));
  return result.settings;
}

async function faultsOf(env: Environment, files: Files = {}): Promise<readonly string[]> {
  const result = await readSettings(env, reader(files));
  return result.ok ? [] : result.faults;
}

const docker = (user: string): string =>
  JSON.stringify({ auths: { "registry.example.com": { username: user, password: "p" } } });
const oci = { OCI_REGISTRY: "registry.example.com/vms" };

describe("readSettings", () => {
  it("is anonymous where there is nothing else, and takes empty for unset", async () => {
    const settings = await settingsOf({ ...oci, HOME: "/home/ada", EPOCH_URL: "", OCI_REGISTRY_CA_FILE: "" });
    expect(settings).toMatchObject({ url: "https://registry.example.com", prefix: "vms", ca: undefined });
    await expect(settings.credentials()).resolves.toEqual({ kind: "anonymous" });
  });

  it.each([
    [{ HOME: "/home/ada" }, "/home/ada/.docker/config.json"],
    [{ HOME: "/home/ada", DOCKER_CONFIG: "/docker" }, "/docker/config.json"],
  ])("finds Docker's configuration with %j", async (env, path) => {
    const settings = await settingsOf({ ...oci, ...env }, { [path]: docker("ada") });
    await expect(settings.credentials()).resolves.toEqual({ kind: "basic", username: "ada", password: "p" });
  });

  it("reads credentials anew each time", async () => {
    const files: Files = { "/docker/config.json": docker("ada"), "/token": "one\n" };
    const env = { ...oci, DOCKER_CONFIG: "/docker" };
    const settings = await settingsOf(env, files);
    const byToken = await settingsOf({ ...oci, OCI_REGISTRY_TOKEN_FILE: "/token" }, files);
    await expect(byToken.credentials()).resolves.toEqual({ kind: "bearer", token: "one" });
    files["/docker/config.json"] = docker("bob");
    files["/token"] = "two";
    await expect(settings.credentials()).resolves.toMatchObject({ username: "bob" });
    await expect(byToken.credentials()).resolves.toEqual({ kind: "bearer", token: "two" });
  });

  it("reads the reference's variables", async () => {
    const pem = (await generateSelfSignedCert("epoch", "127.0.0.1")).certPem;
    const env = {
      EPOCH_URL: "http://epoch:8080",
      EPOCH_TOKEN: "t",
      EPOCH_CA_CERT: "/ca",
      DOCKER_CONFIG: "/docker",
    };
    const settings = await settingsOf(env, { "/ca": pem, "/docker/config.json": docker("ada") });
    expect(settings).toMatchObject({ url: "http://epoch:8080", prefix: "", ca: pem });
    await expect(settings.credentials()).resolves.toEqual({ kind: "bearer", token: "t" });
    // Docker's credentials are not for a registry that has a token of its own, or none.
    const anonymous = await settingsOf({ EPOCH_URL: "http://epoch:8080", DOCKER_CONFIG: "/docker" });
    await expect(anonymous.credentials()).resolves.toEqual({ kind: "anonymous" });
  });

  it("says all that is wrong at once", async () => {
    const faults = await faultsOf({
      OCI_REGISTRY: "Registry/Upper",
      EPOCH_TOKEN: "t",
      OCI_REGISTRY_CA_FILE: "/ca",
      OCI_REGISTRY_TOKEN_FILE: "/token",
    });
    expect(faults).toEqual([
      expect.stringContaining("unset EPOCH_TOKEN"),
      expect.stringContaining("OCI_REGISTRY must have a prefix of lower-case letters"),
      expect.stringContaining("OCI_REGISTRY_CA_FILE names /ca, which cannot be read"),
      expect.stringContaining("OCI_REGISTRY_TOKEN_FILE names /token, which cannot be read"),
    ]);
  });

  it.each<[string, Environment, Files, string]>([
    ["no registry", {}, {}, "set OCI_REGISTRY to HOST[:PORT][/PREFIX]"],
    ["a token for nothing", { EPOCH_TOKEN: "t" }, {}, "no registry is set"],
    ["two registries", { ...oci, EPOCH_URL: "http://epoch" }, {}, "unset EPOCH_URL"],
    [
      "a token in two lines",
      { ...oci, OCI_REGISTRY_TOKEN_FILE: "/t" },
      { "/t": "a\nb" },
      "one line without spaces",
    ],
    ["an empty token", { ...oci, OCI_REGISTRY_TOKEN_FILE: "/t" }, { "/t": "\n" }, "must be a bearer token"],
    ["a CA that is none", { ...oci, OCI_REGISTRY_CA_FILE: "/ca" }, { "/ca": "hello" }, "certificates in PEM"],
    [
      "a broken CA",
      { ...oci, OCI_REGISTRY_CA_FILE: "/ca" },
      { "/ca": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" },
      "certificates in PEM",
    ],
    [
      "a folder without a file",
      { ...oci, DOCKER_CONFIG: "/docker" },
      {},
      "/docker/config.json, which cannot be read",
    ],
    [
      "a broken file",
      { ...oci, HOME: "/h" },
      { "/h/.docker/config.json": "{" },
      "/h/.docker/config.json holds no JSON",
    ],
  ])("refuses %s", async (_what, env, files, fault) => {
    await expect(faultsOf(env, files)).resolves.toEqual([expect.stringContaining(fault)]);
  });

  it("does not repeat a password", async () => {
    const [fault = ""] = await faultsOf({ OCI_REGISTRY: "ada:secret@registry.example.com" });
    expect(fault).toContain("OCI_REGISTRY must");
    expect(fault).not.toContain("secret");
  });
});
