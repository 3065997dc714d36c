import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";

/**
 * One TCP port of 127.0.0.1 for each name, all different, and free a moment ago. Somebody else may take one before it is used:
 * whoever binds it has to be ready to ask again.
 *
 * @example
 * const ports = await freePorts("client", "peer"); // { client: 40123, peer: 40124 }
 */
export async function freePorts<Name extends string>(
  ...names: readonly Name[]
): Promise<Record<Name, number>> {
  // All are held at the same time, or the system could hand out the same one twice.
  const held = await Promise.all(
    names.map(async (name) => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return { name, server, port: (server.address() as AddressInfo).port };
    }),
  );
  await Promise.all(
    held.map(async ({ server }) => {
      server.close();
      await once(server, "close");
    }),
  );
  return Object.fromEntries(held.map(({ name, port }) => [name, port])) as Record<Name, number>;
}
