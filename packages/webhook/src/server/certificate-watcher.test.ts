import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { generateSelfSignedCert } from "@cocoonstack/common/k8s";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { checkTexts, readTexts, type ServingCertificate, validityFault } from "./certificate.js";
import { CertificateWatcher } from "./certificate-watcher.js";
import { CertificateError } from "./pem-file.js";

let folder: string;
let files: { certFile: string; keyFile: string };
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "cocoon-certificate-"));
  files = { certFile: path.join(folder, "tls.crt"), keyFile: path.join(folder, "tls.key") };
});
afterEach(() => rm(folder, { recursive: true }));

const pair = (): Promise<{ certPem: string; keyPem: string }> =>
  generateSelfSignedCert("webhook", "127.0.0.1");
async function put({ certPem, keyPem }: { certPem: string; keyPem: string }): Promise<void> {
  await writeFile(files.certFile, certPem);
  await writeFile(files.keyFile, keyPem);
}

/** A watcher over what is in the files now, and everything that it tells. */
async function watch() {
  const changes: ServingCertificate[] = [];
  const broken: string[] = [];
  const watcher = new CertificateWatcher(files, checkTexts(await readTexts(files), files), {
    onChange: (certificate) => changes.push(certificate),
    onBroken: (error) => broken.push(error.message),
  });
  const settle = async (): Promise<void> => {
    await watcher.look();
    await watcher.look();
  };
  return { changes, broken, watcher, settle };
}

describe("CertificateWatcher", () => {
  it("is silent while nothing changes", async () => {
    await put(await pair());
    const { changes, broken, settle } = await watch();
    await settle();
    expect([changes, broken]).toEqual([[], []]);
  });

  it("tells of a new pair once, when it has settled", async () => {
    await put(await pair());
    const { changes, broken, watcher, settle } = await watch();
    const renewed = await pair();
    await writeFile(files.certFile, renewed.certPem);
    await watcher.look();
    await writeFile(files.keyFile, renewed.keyPem);
    await settle();
    await settle();
    expect(broken).toEqual([]);
    expect(changes.map(({ certPem }) => certPem)).toEqual([renewed.certPem]);
  });

  it("sees the symlink swap by which kubelet updates a mounted Secret", async () => {
    const version = async (name: string): Promise<string> => {
      const made = await pair();
      await mkdir(path.join(folder, name));
      await writeFile(path.join(folder, name, "tls.crt"), made.certPem);
      await writeFile(path.join(folder, name, "tls.key"), made.keyPem);
      await symlink(name, path.join(folder, "..data_tmp"));
      await rename(path.join(folder, "..data_tmp"), path.join(folder, "..data"));
      return made.certPem;
    };
    await version("..2026_1");
    await symlink("..data/tls.crt", files.certFile);
    await symlink("..data/tls.key", files.keyFile);
    const { changes, settle } = await watch();
    const renewed = await version("..2026_2");
    await settle();
    expect(changes.map(({ certPem }) => certPem)).toEqual([renewed]);
  });

  it("reports a pair that cannot be served once, and takes the next one that can", async () => {
    await put(await pair());
    const { changes, broken, settle } = await watch();
    await writeFile(files.keyFile, (await pair()).keyPem);
    await settle();
    await settle();
    expect(broken).toEqual([expect.stringContaining("does not belong to the certificate")]);

    await rm(files.certFile);
    await settle();
    expect(broken).toHaveLength(2);
    expect(broken[1]).toContain("does not exist");

    await put(await pair());
    await settle();
    expect(changes).toHaveLength(1);
  });

  it("keeps a good pair when the new one is out of date, however often it looks", async () => {
    await put(await pair());
    const { changes, broken, settle } = await watch();
    vi.useFakeTimers({ toFake: ["Date"], now: new Date("2060-01-01") });
    try {
      await put(await pair());
      vi.setSystemTime(new Date("2026-01-01"));
      await settle();
      await settle();
      expect(changes).toEqual([]);
      expect(broken).toEqual([
        expect.stringMatching(/tls\.crt: the certificate is not valid before 20(59|60)-/),
      ]);
      vi.setSystemTime(new Date("2060-06-01"));
      await settle();
      expect(changes).toHaveLength(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it("reports nothing when the old pair comes back", async () => {
    const first = await pair();
    await put(first);
    const { changes, broken, settle } = await watch();
    await writeFile(files.certFile, "broken");
    await settle();
    await put(first);
    await settle();
    expect([changes, broken.length]).toEqual([[], 1]);
  });
});

describe("checkTexts", () => {
  it("refuses what cannot be served, and holds nothing of the key in its message", async () => {
    const [one, other] = await Promise.all([pair(), pair()]);
    expect(() => checkTexts({ ...one, keyPem: other.keyPem }, files)).toThrow(CertificateError);
    expect(() => checkTexts({ ...one, certPem: "" }, files)).toThrow(/tls\.crt is not in PEM form/);
    expect(() => checkTexts({ ...one, keyPem: "secret" }, files)).toThrow(
      /^(?!.*secret).*tls\.key is not an unencrypted key/,
    );
  });
});

describe("validityFault", () => {
  const certificate = { notBefore: new Date("2026-01-01"), notAfter: new Date("2027-01-01") };
  it.each([
    ["2026-06-01", undefined],
    ["2025-12-31", "the certificate is not valid before 2026-01-01T00:00:00.000Z"],
    ["2027-01-02", "the certificate expired at 2027-01-01T00:00:00.000Z"],
  ])("at %s: %s", (now, fault) => {
    expect(validityFault(certificate, new Date(now))).toBe(fault);
  });
});
