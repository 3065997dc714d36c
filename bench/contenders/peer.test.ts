import { describe, expect, it } from "vitest";
import { peerOf } from "./peer.js";

describe("peerOf", () => {
  it("takes a command, with whatever it says behind the first =", () => {
    expect(peerOf("other=MODE=fast ./server --port 1").name).toBe("other");
  });

  it("takes the URL of one that runs, and does not pretend to see its process", async () => {
    const peer = await peerOf("go=https://127.0.0.1:9443/").start({ folder: "", certFile: "", keyFile: "" });
    expect(peer).toMatchObject({ name: "go", kind: "peer", url: "https://127.0.0.1:9443", pid: undefined });
  });

  it.each(["go", "=./server", "go="])("refuses %j and says what is expected", (text) => {
    expect(() => peerOf(text)).toThrow("expected NAME=COMMAND or NAME=https://HOST:PORT");
  });
});
