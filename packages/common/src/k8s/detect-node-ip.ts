import { networkInterfaces, type NetworkInterfaceInfo } from "node:os";

/**
 * The first IPv4 address of this machine that is not loopback.
 *
 * @throws {Error} when it has none.
 *
 * @example
 * ```ts
 * const { certPem, keyPem } = await generateSelfSignedCert(hostname(), detectNodeIP());
 * ```
 */
export function detectNodeIP(
  interfaces: NodeJS.Dict<
    Pick<NetworkInterfaceInfo, "address" | "family" | "internal">[]
  > = networkInterfaces(),
): string {
  const addresses = Object.values(interfaces).flatMap((list) => list ?? []);
  const found = addresses.find(({ family, internal }) => family === "IPv4" && !internal);
  if (found === undefined) {
    throw new Error(
      "this machine has no IPv4 address other than loopback: connect a network or name the address explicitly",
    );
  }
  return found.address;
}
