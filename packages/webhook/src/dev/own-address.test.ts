import { describe, expect, it } from "vitest";
import { ownAddressOf } from "./own-address.js";

describe("ownAddressOf", () => {
  it.each([
    ["127.0.0.1", "127.0.0.1:0", "https://127.0.0.1:8443"],
    ["localhost", "127.0.0.1:0", "https://localhost:8443"],
    ["::1", "[::1]:0", "https://[::1]:8443"],
    ["10.0.0.7", ":0", "https://10.0.0.7:8443"],
    ["fd00::7", ":0", "https://[fd00::7]:8443"],
    ["Host.Docker.Internal", ":0", "https://host.docker.internal:8443"],
  ])("%s: listens on %s, and is %s to API servers", (host, listenAddr, url) => {
    const address = ownAddressOf(host, 0);
    expect(address?.listenAddr).toBe(listenAddr);
    expect(address?.url(8443)).toBe(url);
  });

  it("listens on the port that is asked for", () => {
    expect(ownAddressOf("10.0.0.7", 9443)?.listenAddr).toBe(":9443");
  });

  it.each([
    "",
    "https://10.0.0.7",
    "10.0.0.7:8443",
    "me@host",
    "host/path",
    "a_b",
    "127.1",
    "host.7",
    "1234",
    "-a",
    "a..b",
    "fe80::1%eth0",
    "[::1]",
  ])("refuses %j, which is no name or address that could stand in a URL and a certificate", (host) => {
    expect(ownAddressOf(host, 0)).toBeUndefined();
  });
});
