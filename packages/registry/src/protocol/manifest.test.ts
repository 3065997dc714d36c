import { describe, expect, it } from "vitest";
import {
  descriptorOf,
  imageManifestType,
  manifestBytes,
  manifestTypeOf,
  parseImageManifest,
} from "./manifest.js";

const config = descriptorOf("application/vnd.example.config.v1+json", Buffer.from("{}"));
const layer = descriptorOf("application/octet-stream", Buffer.from("x"), { b: "2", a: "1" });
const manifest = {
  artifactType: "application/vnd.example.v1",
  config,
  layers: [layer],
  annotations: { z: "1", y: "2" },
};
const json = (value: object): Buffer => Buffer.from(JSON.stringify(value));

describe("manifestBytes", () => {
  it("is read back as it was", () => {
    expect(parseImageManifest(manifestBytes(manifest))).toEqual(manifest);
    expect(parseImageManifest(manifestBytes({ config, layers: [] }))).toEqual({ config, layers: [] });
  });

  it("is the same for equal manifests, however they were put together", () => {
    const other = {
      annotations: { y: "2", z: "1" },
      layers: [layer],
      config,
      artifactType: manifest.artifactType,
    };
    expect(manifestBytes(other)).toEqual(manifestBytes(manifest));
  });

  it("has the fields that the image specification wants", () => {
    expect(JSON.parse(manifestBytes({ config, layers: [] }).toString())).toEqual({
      schemaVersion: 2,
      mediaType: imageManifestType,
      config: { mediaType: config.mediaType, digest: config.digest, size: 2 },
      layers: [],
    });
  });
});

describe("manifestTypeOf", () => {
  const index = "application/vnd.oci.image.index.v1+json";
  it.each([
    [json({ schemaVersion: 2, mediaType: index }), imageManifestType, index],
    [json({ schemaVersion: 2 }), `${imageManifestType}; charset=utf-8`, imageManifestType],
    [json({ schemaVersion: 2 }), undefined, undefined],
    [json({ schemaVersion: 2, mediaType: "text/html" }), imageManifestType, undefined],
    [json({ schemaVersion: 1, mediaType: index }), index, undefined],
    [Buffer.from("<html>"), imageManifestType, undefined],
  ])("of %s with the Content-Type %j is %j", (bytes, contentType, expected) => {
    expect(manifestTypeOf(bytes, contentType)).toBe(expected);
  });
});

describe("parseImageManifest", () => {
  const valid = { schemaVersion: 2, config, layers: [layer] };
  it.each([
    ["an index", { schemaVersion: 2, manifests: [layer] }],
    ["a config without a size", { ...valid, config: { ...config, size: undefined } }],
    ["a negative size", { ...valid, layers: [{ ...layer, size: -1 }] }],
    ["a size that no number holds", { ...valid, layers: [{ ...layer, size: 2 ** 60 }] }],
    ["a digest that is a path", { ...valid, layers: [{ ...layer, digest: "../../x" }] }],
    ["a layer that is null", { ...valid, layers: [null] }],
    ["an array", []],
  ])("refuses %s", (_what, value) => {
    expect(parseImageManifest(json(value))).toBeUndefined();
  });
});
