import { expect, it } from "vitest";
import { formatListenAddress, ListenAddressError, parseListenAddress } from "./listen-address.js";

it.each([
  [":8443", undefined, 8443],
  [":0", undefined, 0],
  ["127.0.0.1:8443", "127.0.0.1", 8443],
  ["[::1]:8443", "::1", 8443],
  ["[::]:65535", "::", 65535],
  ["webhook.local:80", "webhook.local", 80],
])("%s", (address, host, port) => {
  expect(parseListenAddress(address)).toEqual({ host, port });
  expect(formatListenAddress({ host, port })).toBe(address);
});

it.each([
  "",
  "8443",
  ":",
  ":x",
  ":-1",
  ":65536",
  "::1:8443",
  "[::1]",
  "[nope]:1",
  "a b:1",
  "http://a:1",
  ":8443 ",
])("refuses %j and names it", (address) => {
  expect(() => parseListenAddress(address)).toThrow(ListenAddressError);
  expect(() => parseListenAddress(address)).toThrow(`'${address}' is not a listen address`);
});
