import { isDeepStrictEqual } from "node:util";
import { expect, onTestFinished } from "vitest";
import { setFinalizer } from "../../../packages/operator/src/model/index.js";
import { soleScenario } from "../../support/platform/scenario.js";
import { sharedPlatform } from "../../support/platform/shared-platform.js";

const platform = sharedPlatform();

soleScenario("dry runs say what they would do, and do none of it", platform, async (place) => {
  await platform().operator.end();
  const dryRun = await platform().startReplica({ args: ["--dry-run"] });
  onTestFinished(() => dryRun[Symbol.asyncDispose]());
  const wouldDo = (name: string, what: object): Promise<unknown> =>
    dryRun.logged((line) => isDeepStrictEqual({ ...line, ...what, msg: "would do", name }, line));
  const writes = await place.watchWrites();
  await place.createSet("fresh");
  await place.createSet("known", {}, { finalizers: [setFinalizer] });
  await wouldDo("fresh", { action: "add-finalizer" });
  await wouldDo("known", { action: "create-pod", pod: "known-0" });
  await wouldDo("known", { action: "write-status", phase: "Pending" });

  const found = async (name: string): Promise<unknown> => {
    const { metadata, status } = (await place.get("CocoonSet", name)) ?? {};
    return { finalizers: metadata?.finalizers, status };
  };
  expect(await found("fresh")).toEqual({ finalizers: undefined, status: undefined });
  expect(await found("known")).toEqual({ finalizers: [setFinalizer], status: undefined });
  expect(await place.pods.names()).toEqual([]);
  expect(await writes()).toEqual([]);
  // Who takes the finalizer off works.
  await dryRun.end();
  await platform().startOperator();
});
