import { isIP, isIPv6 } from "node:net";
import { isThisMachine } from "./is-local.js";

/** This machine, as API servers see it. */
export interface OwnAddress {
  /** Host name or IP address, as it stands in a certificate. */
  readonly host: string;
  /** Where to listen so that it can be reached there: on loopback alone where that is enough, else on every interface. */
  readonly listenAddr: string;
  /** `https://host:port`, for the port that is really listened on. */
  url(port: number): string;
}

/** The form that names have in certificates (RFC 5280, section 4.2.1.6); a last label of digits would be read as an IP address. */
const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const hostName = new RegExp(`^(?=.{1,253}$)(?:${label}\\.)*(?![0-9]+$)${label}$`);

/**
 * Reads `--host`. API servers take a URL of scheme, host, port and path alone, and check the certificate for the host, so
 * it has to be a name or an address that can stand in both; undefined where it cannot.
 */
export function ownAddressOf(given: string, port: number): OwnAddress | undefined {
  const host = given.toLowerCase();
  // A zone (fe80::1%eth0) means something on this machine only.
  if (host.includes("%") || (isIP(host) === 0 && !hostName.test(host))) return undefined;
  const listenHost = isThisMachine(host) ? loopbackOf(host) : "";
  return {
    host,
    listenAddr: `${listenHost}:${port}`,
    url: (listening) => `https://${isIPv6(host) ? `[${host}]` : host}:${listening}`,
  };
}

const loopbackOf = (host: string): string => {
  if (isIP(host) === 0) return "127.0.0.1";
  return isIPv6(host) ? `[${host}]` : host;
};
