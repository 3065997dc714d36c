import { isIP } from "node:net";
import { generateSelfSignedCert } from "@cocoonstack/common/k8s";
import { checkTexts, type ServingCertificate } from "../server/index.js";

/** A self-signed certificate for a host name or an IP address, and for localhost, that lives in memory alone. */
export async function throwawayCertificate(host: string): Promise<ServingCertificate> {
  const pair = await (isIP(host) === 0
    ? generateSelfSignedCert(host, "127.0.0.1")
    : generateSelfSignedCert("cocoon-webhook", host));
  return checkTexts(pair, { certFile: "(made for this run)", keyFile: "(made for this run)" });
}
