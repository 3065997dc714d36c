import { describe, expect, it } from "vitest";
import { metadataOf, ownerOf } from "./owner.js";

const owner = {
  host: "laptop",
  machine: "m1",
  pid: 4711,
  since: "2030-01-02T03:04:05.000Z",
  probeNamespace: "team-a",
};

describe("metadataOf", () => {
  it("says whose the registration is, for ownerOf to read", () => {
    expect(metadataOf(owner, "3f9a1c")).toMatchObject({
      name: "cocoon-webhook-dev-laptop-3f9a1c",
      labels: { "app.kubernetes.io/managed-by": "cocoon-webhook-dev" },
    });
    expect(ownerOf(metadataOf(owner, "3f9a1c"))).toEqual(owner);
  });

  it.each([
    ["Ann's MacBook.local", "cocoon-webhook-dev-ann-s-macbook-local-0"],
    ["..", "cocoon-webhook-dev-0"],
    ["a".repeat(80), `cocoon-webhook-dev-${"a".repeat(30)}-0`],
    [`${"a".repeat(29)}.b`, `cocoon-webhook-dev-${"a".repeat(29)}-0`],
  ])("makes a name that Kubernetes takes of the machine's: %s", (host, name) => {
    expect(metadataOf({ ...owner, host }, "0").name).toBe(name);
  });
});

describe("ownerOf", () => {
  const { annotations = {} } = metadataOf(owner, "0");

  it("knows nobody where annotations are gone or spoilt", () => {
    expect(ownerOf({})).toBeUndefined();
    for (const key of Object.keys(annotations)) {
      const rest = Object.fromEntries(Object.entries(annotations).filter(([name]) => name !== key));
      expect(ownerOf({ annotations: rest })).toBeUndefined();
    }
    // Of process 0, and of a negative number, a signal goes to whole groups.
    for (const pid of ["", "0", "-1", "1e3", "12345678901"]) {
      expect(
        ownerOf({ annotations: { ...annotations, "dev.webhook.cocoonstack.io/pid": pid } }),
      ).toBeUndefined();
    }
  });
});
