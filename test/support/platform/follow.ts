import { type ChangeHandler, Informer, type KubeObject } from "@cocoonstack/machinery/informer";
import type { ControlPlane } from "../../controlplane/index.js";
import { connectTo } from "../connect-to.js";

/**
 * Tells of every version of the objects of a collection from now on, in their order, until it is disposed of. Of what is there already
 * only the next version is told: what a test sees it has done, or waited for.
 */
export async function follow(
  plane: ControlPlane,
  path: string,
  handler: Partial<ChangeHandler<KubeObject>>,
): Promise<AsyncDisposable> {
  const connection = await connectTo(plane);
  const informer = new Informer({
    connection,
    collection: { path },
    transform: (object) => object,
    indexes: {},
  });
  const stop = new AbortController();
  const running = informer.run(stop.signal);
  await informer.whenSynced(stop.signal);
  let isBefore = true;
  informer.addHandler({
    add: (object) => {
      if (!isBefore) handler.add?.(object);
    },
    update: (object, old) => handler.update?.(object, old),
    delete: (last) => handler.delete?.(last),
  });
  isBefore = false;
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
      await connection.close();
    },
  };
}
