import { isIPv6 } from "node:net";

/**
 * An address that is no `host:port`; the message names it and says what is expected.
 *
 * @example
 * ```ts
 * if (error instanceof ListenAddressError) log.fatal({ err: error }, "no such address");
 * ```
 */
export class ListenAddressError extends Error {
  override readonly name = "ListenAddressError";
}

/**
 * Where a server listens.
 *
 * @example
 * ```ts
 * const address: ListenAddress = { host: undefined, port: 8443 };
 * formatListenAddress(address); // ":8443"
 * ```
 */
export interface ListenAddress {
  /** Host name or IP without brackets; undefined: every interface, IPv6 and IPv4. */
  readonly host: string | undefined;
  /** 0–65535; 0 lets the system choose a free one. */
  readonly port: number;
}

const form = /^(?:\[([^\][]*)\]|([^:\][]*)):([0-9]{1,5})$/;

/**
 * Reads a listen address as Go programs write it.
 *
 * @throws {ListenAddressError} when it is none.
 *
 * @example
 * ```ts
 * parseListenAddress(":8443"); // { host: undefined, port: 8443 }
 * parseListenAddress("[::1]:0"); // { host: "::1", port: 0 }
 * ```
 */
export function parseListenAddress(address: string): ListenAddress {
  const match = form.exec(address);
  const port = Number(match?.[3]);
  if (match === null || port > 65535) throw invalid(address);
  const bracketed = match[1];
  if (bracketed !== undefined && !isIPv6(bracketed)) throw invalid(address);
  const host = bracketed ?? match[2] ?? "";
  if (/[\s/@]/.test(host)) throw invalid(address);
  return { host: host === "" ? undefined : host, port };
}

/**
 * The address as {@link parseListenAddress} reads it.
 *
 * @example
 * ```ts
 * formatListenAddress({ host: "::1", port: 8443 }); // "[::1]:8443"
 * ```
 */
export function formatListenAddress({ host = "", port }: ListenAddress): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function invalid(address: string): ListenAddressError {
  return new ListenAddressError(
    `'${address}' is not a listen address: write :8443, 127.0.0.1:8443, [::1]:8443 or name:8443 (port 0–65535)`,
  );
}
