import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { generateSelfSignedCert } from "@cocoonstack/common/k8s";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { runExecutable } from "../support/webhook-process.js";

interface Configuration {
  readonly kind: string;
  readonly webhooks: readonly { readonly name: string; readonly clientConfig: Record<string, unknown> }[];
}

const parse = (text: string): Configuration[] =>
  parseAllDocuments(text).map((document) => document.toJS() as Configuration);

const readConfig = (file: string): string =>
  readFileSync(path.resolve(import.meta.dirname, "../../config", file), "utf8");

let folder: string;
let certFile: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "cocoon-manifests-"));
  certFile = path.join(folder, "tls.crt");
  await writeFile(certFile, (await generateSelfSignedCert("a", "127.0.0.1")).certPem);
});
afterAll(() => rm(folder, { recursive: true }));

describe("cocoon-webhook manifests", () => {
  it("prints the configurations by Service, as config/webhook has them", async () => {
    const { code, stdout } = await runExecutable(["manifests"]);
    expect(code).toBe(0);
    expect(parse(stdout)).toEqual(parse(readConfig("webhook/webhook-configurations.generated.yaml")));
  });

  it("prints the admission policies besides, as config/admission-policy has them, or alone", async () => {
    const committed = readConfig("admission-policy/admission-policies.generated.yaml");
    const [plain, both, alone] = await Promise.all([
      runExecutable(["manifests"]),
      runExecutable(["manifests", "--admission-policies"]),
      runExecutable(["manifests", "--admission-policies=only"]),
    ]);
    expect(parse(both.stdout)).toEqual([...parse(plain.stdout), ...parse(committed)]);
    expect(parse(alone.stdout)).toEqual(parse(committed));
  });

  it("tells the admission policies who may create pods", async () => {
    const creators = ["--admission-policies", "only", "--pod-creators", "a, b"];
    expect((await runExecutable(["manifests", ...creators])).stdout).toContain(
      "request.userInfo.username in ['a', 'b']",
    );
    const { code, stderr } = await runExecutable([
      ...["manifests", "--admission-policies", "--pod-creators", ","],
    ]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^cocoon-webhook: the --pod-creators must name at least one user, /),
    ]);
  });

  it("lets scale-downs go while the webhook cannot be asked, where told to", async () => {
    const { stdout } = await runExecutable(["manifests", "--scale-failure-policy", "Ignore"]);
    const scale = parse(stdout)
      .flatMap(({ webhooks }) => webhooks)
      .find(({ name }) => name === "scale.webhook.cocoonstack.io");
    expect(scale).toMatchObject({ failurePolicy: "Ignore" });
  });

  it("prints them by URL, with the authorities", async () => {
    const url = ["--url", "https://127.0.0.1:8443/", "--ca-bundle", certFile];
    const configurations = parse((await runExecutable(["manifests", ...url])).stdout);
    const caBundle = readFileSync(certFile).toString("base64");
    expect(
      configurations.flatMap(({ webhooks }) => webhooks.map(({ clientConfig }) => clientConfig)),
    ).toEqual(
      [
        "mutate",
        "validate-pod",
        "validate",
        "validate",
        "validate-cocoonset",
        "validate-cocoonhibernation",
        "warn",
        "warn",
        "warn",
      ].map((path) => ({ url: `https://127.0.0.1:8443/${path}`, caBundle })),
    );
  });

  it("names another Service", async () => {
    const [mutating] = parse(
      (await runExecutable(["manifests", "--namespace", "a", "--service", "b"])).stdout,
    );
    expect(mutating?.webhooks[0]?.clientConfig).toMatchObject({ service: { namespace: "a", name: "b" } });
  });

  it("reports everything that cannot be used, in one line each", async () => {
    const { code, stdout, stderr } = await runExecutable([
      ...["manifests", "--url", "http://127.0.0.1", "--ca-bundle", path.join(folder, "none.crt")],
    ]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr.trimEnd().split("\n")).toEqual([
      'cocoon-webhook: the --url "http://127.0.0.1" must be an https URL without user, query or fragment, such as https://127.0.0.1:8443',
      `cocoon-webhook: the --ca-bundle file ${path.join(folder, "none.crt")} does not exist`,
    ]);
  });

  it.each([
    ["no certificate at all", "x", /holds no certificate in PEM form/],
    [
      "a broken one",
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
      /holds a broken certificate/,
    ],
    ["a private key beside it", "KEY", /holds a private key: name a file with certificates alone/],
  ])("refuses a --ca-bundle with %s", async (_, content, fault) => {
    const pair = await generateSelfSignedCert("a", "127.0.0.1");
    const file = path.join(folder, "bundle.crt");
    await writeFile(file, content === "KEY" ? pair.certPem + pair.keyPem : content);
    const { code, stdout, stderr } = await runExecutable(["manifests", "--ca-bundle", file]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(fault);
  });

  it.each(["https://u:p@h", "https://:p@h", "https://h?", "https://h/#", "https:\\\\h", " https://h", "h"])(
    "refuses the URL %j",
    async (url) => {
      expect((await runExecutable(["manifests", "--url", url])).stderr).toMatch(
        /must be an https URL without/,
      );
    },
  );

  it.each([
    ["--url", "https://h", "--namespace", "a"],
    ["--pod-creators", "a"],
    ["--admission-policies", "only", "--url", "https://h"],
    ["--admission-policies=only", "--service", "a"],
    ["--admission-policies=only", "--scale-failure-policy", "Ignore"],
  ])("refuses options that would do nothing: %s %s %s %s", async (...args) => {
    expect(await runExecutable(["manifests", ...args])).toMatchObject({ code: 2, stdout: "" });
  });
});
