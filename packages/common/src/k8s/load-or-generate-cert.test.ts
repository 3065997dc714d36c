import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { CertificateError, loadOrGenerateCert } from "./load-or-generate-cert.js";
import { generateSelfSignedCert, type KeyPair } from "./self-signed-cert.js";

let folder = "";
let pair: KeyPair;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "cert-"));
  pair = await generateSelfSignedCert("node-1", "10.0.0.7");
});
afterAll(() => rm(folder, { recursive: true }));

async function load(certPem: string | undefined, keyPem: string | undefined) {
  const [cert, key] = ["crt", "key"].map((end) => path.join(folder, `tls.${end}`)) as [string, string];
  await Promise.all([rm(cert, { force: true }), rm(key, { force: true })]);
  if (certPem !== undefined) await writeFile(cert, certPem);
  if (keyPem !== undefined) await writeFile(key, keyPem);
  return loadOrGenerateCert(cert, key, "node-2", "10.0.0.8");
}

it("a self-signed certificate is what servers need", () => {
  const cert = new X509Certificate(pair.certPem);
  expect(cert.subject).toBe("CN=node-1");
  expect(cert.subjectAltName).toBe("DNS:node-1, DNS:localhost, IP Address:10.0.0.7, IP Address:127.0.0.1");
  expect(cert.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
  expect(cert.publicKey.asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
  expect(cert.verify(cert.publicKey)).toBe(true);
  const years = (Date.parse(cert.validTo) - Date.parse(cert.validFrom)) / (365.25 * 86_400_000);
  expect(years).toBeCloseTo(10, 1);
  expect(Date.parse(cert.validFrom)).toBeLessThan(Date.now());
});

it.each(["", "node-1", "10.0.0", "10.0.0.7/24"])(
  "'%s' is no address to make a certificate for",
  async (ip) => {
    await expect(generateSelfSignedCert("node-1", ip)).rejects.toThrow(`'${ip}' is no IP address`);
    await expect(loadOrGenerateCert("no.crt", "no.key", "node-1", ip)).rejects.toThrow(RangeError);
  },
);

it("from disk", async () => {
  expect(await load(pair.certPem, pair.keyPem)).toEqual({
    ...pair,
    source: `disk ${path.join(folder, "tls.crt")}`,
  });
});

it.each([
  ["both", false, false],
  ["the key", true, false],
  ["the certificate", false, true],
])("self-signed when %s is missing", async (_what, hasCert, hasKey) => {
  const { source, certPem } = await load(
    hasCert ? pair.certPem : undefined,
    hasKey ? pair.keyPem : undefined,
  );
  expect([source, new X509Certificate(certPem).subject]).toEqual(["self-signed", "CN=node-2"]);
});

it("self-signed when expired", async () => {
  vi.useFakeTimers({ now: Date.now() + 11 * 365 * 86_400_000, toFake: ["Date"] });
  try {
    expect((await load(pair.certPem, pair.keyPem)).source).toBe("self-signed");
  } finally {
    vi.useRealTimers();
  }
});

it("an error that names the file when broken", async () => {
  const other = await generateSelfSignedCert("other", "10.0.0.9");
  await expect(load("garbage", pair.keyPem)).rejects.toThrow(/tls\.crt holds no certificate in PEM/);
  await expect(load(pair.certPem, "garbage")).rejects.toThrow(/tls\.key is not the private key/);
  await expect(load(pair.certPem, other.keyPem)).rejects.toThrow(CertificateError);
  await expect(loadOrGenerateCert(folder, folder, "a", "10.0.0.1")).rejects.toThrow(
    `${folder} cannot be read (EISDIR)`,
  );
});
