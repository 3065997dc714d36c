import { describe, expect, it } from "vitest";
import { operatorPeerOf } from "./operator.js";

describe("operatorPeerOf", () => {
  it("takes a command with everything that belongs to it", () => {
    expect(operatorPeerOf("go=./operator --cocoonset-concurrency=4")).toMatchObject({
      name: "go",
      kind: "peer",
    });
  });

  it.each(["./operator", "go=", "=./operator"])("refuses %s", (text) => {
    expect(() => operatorPeerOf(text)).toThrow("expected NAME=COMMAND");
  });
});
