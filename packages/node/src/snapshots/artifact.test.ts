import { describe, expect, it } from "vitest";
import { artifactOf, snapshotOf } from "./artifact.js";

const snapshot = {
  vmName: "vk-shop-demo-0",
  image: "ubuntu:24.04",
  content: { origin: "node-a/1", revision: 3 },
};

describe("a snapshot as an artifact", () => {
  it("has the types and annotations that its readers look for", () => {
    const { artifactType, config, annotations, layers } = artifactOf(snapshot);
    expect({ artifactType, config: config.mediaType, annotations, layers: layers.length }).toEqual({
      artifactType: "application/vnd.cocoonstack.snapshot.v1+json",
      config: "application/vnd.cocoonstack.snapshot.config.v1+json",
      annotations: {
        "cocoonstack.snapshot.id": "node-a/1.3",
        "cocoonstack.snapshot.baseimage": "ubuntu:24.04",
      },
      layers: 1,
    });
  });

  it("comes back as it went, and is the same for the same content", () => {
    expect(snapshotOf("x:hibernate", artifactOf(snapshot))).toEqual(snapshot);
    const copy = { ...snapshot, content: { revision: 3, origin: "node-a/1" } };
    expect(artifactOf(copy)).toEqual(artifactOf(snapshot));
  });

  const artifact = artifactOf(snapshot);
  const empty = { mediaType: "application/vnd.oci.empty.v1+json", content: Buffer.from("{}") };
  it.each([
    ["of another type", { ...artifact, artifactType: "application/vnd.cncf.helm.config.v1+json" }],
    ["without content", { ...artifact, layers: [] }],
    [
      "with a disk",
      { ...artifact, layers: [{ mediaType: "application/octet-stream", content: Buffer.from("{}") }] },
    ],
    ["that says nothing", { ...artifact, config: empty }],
    ["that is no JSON", { ...artifact, config: { ...artifact.config, content: Buffer.from("\u0000") } }],
  ])("%s is refused", (_, other) => {
    expect(() => snapshotOf("vk-x:hibernate", other)).toThrow(
      /^vk-x:hibernate is no snapshot of a simulated VM/,
    );
  });
});
