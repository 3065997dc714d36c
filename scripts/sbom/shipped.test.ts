import { describe, expect, it } from "vitest";
import { type Bom, releasesIn, shippedOnly } from "./shipped.js";

const component = (name: string, version: string) => ({
  "bom-ref": `${name}@${version}`,
  name,
  version,
  scope: "optional",
  properties: [{ name: "cdx:npm:package:development", value: "true" }],
});
const bom: Bom = {
  metadata: { component: { name: "everything" } },
  components: [component("@a/b", "1.0.0"), component("c", "2.0.0"), component("c", "3.0.0")],
  dependencies: [
    { ref: "everything", dependsOn: ["@a/b@1.0.0"] },
    { ref: "@a/b@1.0.0", dependsOn: ["c@2.0.0", "c@3.0.0"] },
  ],
};
const executable = { name: "tool", version: "0.1.0" };

describe("shippedOnly", () => {
  it("keeps the packages of the bundle, as ones that are needed, with what they need of each other", () => {
    expect(shippedOnly(bom, ["@a/b@1.0.0", "c@3.0.0"], executable)).toEqual({
      metadata: { component: expect.objectContaining({ type: "application", ...executable }) as object },
      components: [
        { ...component("@a/b", "1.0.0"), scope: "required", properties: [] },
        { ...component("c", "3.0.0"), scope: "required", properties: [] },
      ],
      dependencies: [
        { ref: "tool@0.1.0", dependsOn: ["@a/b@1.0.0", "c@3.0.0"] },
        { ref: "@a/b@1.0.0", dependsOn: ["c@3.0.0"] },
      ],
    });
  });

  it("refuses a bundle of another installation", () => {
    expect(() => shippedOnly(bom, ["c@4.0.0"], executable)).toThrow(
      "c@4.0.0 is in the executable and not in package-lock.json",
    );
  });
});

describe("releasesIn", () => {
  it("reads the heading of each licence, and nothing in its text", () => {
    const rule = "-".repeat(80);
    const text = `@a/b 1.0.0 (MIT)\n\nb 9.9.9 (MIT)\n\n${rule}\n\nc 3.0.0 ((MIT OR ISC))\n\ntext\n`;
    expect(releasesIn(text)).toEqual(["@a/b@1.0.0", "c@3.0.0"]);
  });
});
