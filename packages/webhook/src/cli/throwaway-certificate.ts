import { hostname } from "node:os";
import { generateSelfSignedCert } from "@cocoonstack/common/k8s";
import { checkTexts, type ServingCertificate } from "../server/index.js";

/** A self-signed certificate for localhost that lives in memory alone. */
export async function throwawayCertificate(): Promise<ServingCertificate> {
  const pair = await generateSelfSignedCert(hostname(), "127.0.0.1");
  return checkTexts(pair, { certFile: "(made for this run)", keyFile: "(made for this run)" });
}
