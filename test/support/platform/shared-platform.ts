import { afterAll, beforeAll } from "vitest";
import { sharedControlPlane } from "../shared-control-plane.js";
import { Teardown } from "../teardown.js";
import { Platform, type PlatformOptions } from "./platform.js";

/**
 * A platform for the tests of a file, on a control plane that no other file uses at the same time. It is there from the first `beforeAll`
 * that comes after this call.
 *
 * @param prepare Gives how it is started, and hands over what else is to be ended, which goes after the platform.
 *
 * @example
 * const platform = sharedPlatform();
 * scenario("4: makes the main agent again", platform, async (place) => { ... });
 */
export function sharedPlatform(
  prepare: (own: Teardown) => PlatformOptions | Promise<PlatformOptions> = () => ({}),
): () => Platform {
  const plane = sharedControlPlane();
  const own = new Teardown();
  let platform: Platform | undefined;
  afterAll(() => own[Symbol.asyncDispose]());
  beforeAll(async () => {
    const options = await prepare(own);
    platform = await own.use(Platform.start(plane, options));
  });
  return () => {
    if (platform === undefined)
      throw new Error("the platform has not been started yet: ask for it in a test");
    return platform;
  };
}
