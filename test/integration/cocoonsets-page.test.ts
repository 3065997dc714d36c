import { cocoonSetSchema } from "@cocoonstack/common/apis/v1";
import { expect, it } from "vitest";
import { textOf } from "../support/documents/pages.js";

it("docs/cocoonsets.md says of every field of a CocoonSet what an edit of it does", () => {
  const [, below = ""] = textOf("docs/cocoonsets.md").split("\n## Which edits replace a VM\n");
  const [section = ""] = below.split("\n## ");
  const spec = cocoonSetSchema.properties?.["spec"]?.properties ?? {};
  const fields = [spec, spec["agent"]?.properties, spec["toolboxes"]?.items?.properties].flatMap(
    (properties = {}) => Object.keys(properties),
  );
  expect(fields.length).toBeGreaterThan(20);
  const silent = fields.filter((field) => field !== "agent" && !section.includes(`\`${field}\``));
  expect(silent).toEqual([]);
});
