import { describe, expect, it } from "vitest";
import vectors from "../../../../test/data/vectors.json" with { type: "json" };
import {
  isContainerRunning,
  isPodReady,
  isPodTerminal,
  isWindowsPod,
  type NodePoolSource,
  podKey,
  podNodePool,
  type PodStatusLike,
} from "./pods.js";

// The type of a JSON module unites all pods of the file; each of them is one of these.
const pod = (value: unknown): PodStatusLike & NodePoolSource => value as PodStatusLike & NodePoolSource;

describe("pods, as the reference", () => {
  it.each(vectors.isPodReady)("isPodReady (%#)", ({ in: input, out }) => {
    expect(isPodReady(pod(input.pod))).toBe(out);
  });

  it.each(vectors.isPodTerminal)("isPodTerminal (%#)", ({ in: input, out }) => {
    expect(isPodTerminal(pod(input.pod))).toBe(out);
  });

  it.each(vectors.isContainerRunning)("isContainerRunning (%#)", ({ in: input, out }) => {
    expect(isContainerRunning(pod(input.pod))).toBe(out);
  });

  it.each(vectors.isWindowsPod)("isWindowsPod (%#)", ({ in: input, out }) => {
    expect(isWindowsPod(pod(input.pod))).toBe(out);
  });

  it.each(vectors.podNodePool)("podNodePool (%#) → $out", ({ in: input, out }) => {
    expect(podNodePool(pod(input.pod))).toBe(out);
  });

  it.each(vectors.podKey)("podKey → $out", ({ in: input, out }) => {
    expect(podKey(input.namespace, input.name)).toBe(out);
  });
});

describe("pods", () => {
  it.each([{}, { status: null, metadata: null, spec: null }, { status: {}, metadata: {}, spec: {} }])(
    "%j is no pod that is anything",
    (value) => {
      const all = [isPodReady(value), isPodTerminal(value), isContainerRunning(value), isWindowsPod(value)];
      expect([...all, podNodePool(value)]).toEqual([false, false, false, false, "default"]);
    },
  );

  it("null in a list says nothing, as to Go's decoder", () => {
    const ready = { type: "Ready", status: "True" };
    expect(isPodReady({ status: { conditions: [null] } })).toBe(false);
    expect(isPodReady({ status: { conditions: [null, ready] } })).toBe(true);
    expect(isContainerRunning({ status: { containerStatuses: [null, { state: { running: null } }] } })).toBe(
      false,
    );
    expect(isContainerRunning({ status: { containerStatuses: [null, { state: { running: {} } }] } })).toBe(
      true,
    );
  });

  it.each(["WINDOWS", "Windows", "wIndows", "windowſ"])("%s is Windows", (os) => {
    expect(isWindowsPod({ metadata: { annotations: { "cocoonset.cocoonstack.io/os": os } } })).toBe(true);
  });

  it.each(["windows ", "windows11", "windows\n", "linux"])("%j is not Windows", (os) => {
    expect(isWindowsPod({ metadata: { annotations: { "cocoonset.cocoonstack.io/os": os } } })).toBe(false);
  });

  it("the pool is that of the first source that names one", () => {
    const named = (pool: string): Record<string, string> => ({ "cocoonstack.io/pool": pool });
    const value = {
      spec: { nodeSelector: named("") },
      metadata: { labels: named("b"), annotations: named("c") },
    };
    expect(podNodePool(value)).toBe("b");
  });
});
