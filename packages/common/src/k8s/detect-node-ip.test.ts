import { expect, it } from "vitest";
import { detectNodeIP } from "./detect-node-ip.js";

const loopback = { address: "127.0.0.1", family: "IPv4", internal: true } as const;

it("the first IPv4 that is not loopback", () => {
  expect(
    detectNodeIP({
      lo: [loopback],
      eth0: [
        { address: "fe80::1", family: "IPv6", internal: false },
        { address: "10.0.0.7", family: "IPv4", internal: false },
      ],
      eth1: [{ address: "10.0.0.8", family: "IPv4", internal: false }],
    }),
  ).toBe("10.0.0.7");
});

it("an error when there is none", () => {
  expect(() => detectNodeIP({ lo: [loopback] })).toThrow("no IPv4 address other than loopback");
});
