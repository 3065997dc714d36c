import type { KubeObject } from "@cocoonstack/machinery/informer";
import type { ControlPlane } from "../../controlplane/index.js";
import { until } from "../eventually.js";
import { follow } from "./follow.js";

/** What is said of an object, one after the other, each time another. */
export interface Told extends AsyncDisposable {
  /** Beginning with what was said when this began, up to what is said now. */
  readonly soFar: () => Promise<readonly string[]>;
}

/** Follows what `read` finds in the versions of one object of a collection from now on, whether it is there already or not. */
export async function followTold(
  plane: ControlPlane,
  collection: string,
  name: string,
  read: (object: KubeObject) => string | null | undefined,
): Promise<Told> {
  const told: string[] = [];
  let version: string | undefined;
  const look = (object: KubeObject): void => {
    if (object.metadata.name !== name) return;
    version = object.metadata.resourceVersion;
    const now = read(object);
    if (typeof now === "string" && now !== told.at(-1)) told.push(now);
  };
  const following = await follow(plane, collection, {
    there: look,
    add: look,
    update: look,
    delete: ({ metadata }) => {
      if (metadata.name === name) version = undefined;
    },
  });
  const liveVersion = async (): Promise<string | undefined> => {
    const { status, body } = await plane.request("GET", `${collection}/${name}`);
    return status === 404 ? undefined : (body as KubeObject).metadata.resourceVersion;
  };
  return {
    soFar: async () => {
      await until(`there are changes of ${name} that were not told`, liveVersion, (live) => live === version);
      return [...told];
    },
    [Symbol.asyncDispose]: () => following[Symbol.asyncDispose](),
  };
}
