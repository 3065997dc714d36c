import type { KubeObject } from "@cocoonstack/machinery/informer";
import { describe, expect, it, vi } from "vitest";
import { OwnWrites } from "./own-writes.js";

const pod = (resourceVersion: string, uid = "u1"): KubeObject => ({
  metadata: { namespace: "shop", name: "demo-0", uid, resourceVersion },
});
const key = "shop/demo-0";

/** What the informer shows can be set. */
function setUp(): {
  readonly writes: OwnWrites<KubeObject>;
  readonly show: (object: KubeObject | undefined) => void;
} {
  let shown: KubeObject | undefined;
  return {
    writes: new OwnWrites((of) => (of === key ? shown : undefined)),
    show: (object) => (shown = object),
  };
}

describe("what was written counts until the informer shows it", () => {
  it("a new object, before it is shown at all", () => {
    const { writes, show } = setUp();
    writes.put(pod("5"));
    expect(writes.latest(key)).toEqual(pod("5"));
    expect(writes.pending()).toEqual([pod("5")]);
    show(pod("5"));
    expect(writes.latest(key)).toEqual(pod("5"));
    expect(writes.pending()).toEqual([]);
  });

  it("a patch, over an older version, and not over a newer one", () => {
    const { writes, show } = setUp();
    show(pod("4"));
    writes.put(pod("5"));
    expect(writes.latest(key)).toEqual(pod("5"));
    expect(writes.isOwn(pod("5"))).toBe(true);
    expect(writes.isOwn(pod("6"))).toBe(false);
    show(pod("6"));
    expect(writes.latest(key)).toEqual(pod("6"));
  });

  it("an end, until the informer tells of it or of another object of that name", () => {
    const { writes, show } = setUp();
    show(pod("4"));
    writes.gone(pod("4"));
    expect(writes.latest(key)).toBeUndefined();
    show(pod("9", "u2"));
    expect(writes.latest(key)).toEqual(pod("9", "u2"));
  });

  it("an end that turns out to be a change, after all", () => {
    const { writes, show } = setUp();
    show(pod("4"));
    writes.gone(pod("4"));
    show(pod("5"));
    expect(writes.latest(key)).toEqual(pod("5"));
  });

  it("but not an answer that comes after the informer told of the object's end", () => {
    const { writes } = setUp();
    writes.ended(pod("7"));
    writes.put(pod("5"));
    expect(writes.latest(key)).toBeUndefined();
    writes.put(pod("8", "u2"));
    expect(writes.latest(key)).toEqual(pod("8", "u2"));
  });

  it("and says what the informer should have shown long ago", () => {
    const { writes, show } = setUp();
    const now = vi.spyOn(performance, "now");
    now.mockReturnValue(0);
    writes.put(pod("5"));
    expect(writes.overdue(5_000)).toEqual([]);
    now.mockReturnValue(5_001);
    expect(writes.overdue(5_000)).toEqual([key]);
    show(pod("5"));
    expect(writes.overdue(5_000)).toEqual([]);
    now.mockRestore();
  });
});
