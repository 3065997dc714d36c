import { type ChangeHandler, Informer, type KubeObject } from "@cocoonstack/machinery/informer";
import type { ControlPlane } from "../../controlplane/index.js";
import { connectTo } from "../connect-to.js";

/** What is told of the objects of a collection. */
export interface Listener extends Partial<ChangeHandler<KubeObject>> {
  /** What is there already. */
  readonly there?: (object: KubeObject) => void;
}

/** Tells of every version of the objects of a collection from now on, in their order, until it is disposed of. */
export async function follow(
  plane: ControlPlane,
  path: string,
  listener: Listener,
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
      (isBefore ? listener.there : listener.add)?.(object);
    },
    update: (object, old) => listener.update?.(object, old),
    delete: (last) => listener.delete?.(last),
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
