import { readFile } from "node:fs/promises";
import { errorCode } from "@cocoonstack/common/k8s";

/** A certificate or a key cannot be used. The message names the file and the way out, and holds nothing of a key. */
export class CertificateError extends Error {
  override readonly name = "CertificateError";
}

/**
 * Reads a PEM file, unchecked.
 *
 * @param what what people call it, such as `certificate`
 * @param wayOut what to do other than to put the file there, such as `set TLS_CERT to where it is`
 * @throws {CertificateError} when it cannot be read.
 */
export async function readPem(what: string, file: string, wayOut: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const code = errorCode(cause) ?? "unknown error";
    const why = errnoTexts[code] ?? `cannot be read (${code})`;
    throw new CertificateError(`the ${what} ${file} ${why}: put it there, or ${wayOut}`, { cause });
  }
}

const errnoTexts: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  EACCES: "may not be read by this user",
  EISDIR: "is a directory",
};
