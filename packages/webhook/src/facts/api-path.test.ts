import { describe, expect, it } from "vitest";
import { apiPath } from "./api-path.js";

describe("apiPath", () => {
  it.each(["a/b", "a?b", "a#b", "../../secrets", "a\r\nX-Evil: y", "%2e%2e", "...", "😀"])(
    "keeps %j within its segment",
    (name) => {
      const path = apiPath(["api", name, "x"]);
      expect(new URL(path ?? "", "http://api").pathname.split("/").map(decodeURIComponent)).toEqual([
        ...["", "api", name, "x"],
      ]);
    },
  );

  it.each(["", ".", "..", "\ud800", "a\udc00"])("takes %j for no name", (name) => {
    expect(apiPath(["api", name])).toBeUndefined();
  });
});
