import { describe, expect, it } from "vitest";
import { baseUrl, registryUrl } from "./registry-url.js";

describe("registryUrl", () => {
  it.each([
    ["registry.example.com", "https://registry.example.com", ""],
    ["registry.example.com:5000/team/vms", "https://registry.example.com:5000", "team/vms"],
    ["registry.example.com/team/", "https://registry.example.com", "team"],
    ["https://registry.example.com/team", "https://registry.example.com", "team"],
    ["http://registry.kube-system.svc:5000", "http://registry.kube-system.svc:5000", ""],
    ["localhost:5000/vms", "http://localhost:5000", "vms"],
    ["127.0.0.1:5000", "http://127.0.0.1:5000", ""],
    ["[::1]:5000", "http://[::1]:5000", ""],
    ["https://localhost:5000", "https://localhost:5000", ""],
  ])("reads %s", (text, url, prefix) => {
    expect(registryUrl(text)).toEqual({ ok: true, url, prefix });
  });

  it.each([
    ["ftp://registry.example.com", "HOST[:PORT][/PREFIX]"],
    ["registry.example.com:port", "HOST[:PORT][/PREFIX]"],
    ["ada:secret@registry.example.com", "config.json"],
    ["registry.example.com/Team", "lower-case"],
    ["registry.example.com/team:latest", "no tag"],
    ["registry.example.com/team?x=1", "'?'"],
    ["registry.example.com//team", "lower-case"],
  ])("refuses %s", (text, must) => {
    expect(registryUrl(text)).toEqual({ ok: false, must: expect.stringContaining(must) as string });
  });

  it.each(["127.0.0.1.example.com", "localhost.example.com", "127.example.com"])(
    "speaks https to %s, which is not this machine",
    (text) => {
      expect(registryUrl(text)).toMatchObject({ url: `https://${text}` });
    },
  );
});

describe("baseUrl", () => {
  it("keeps the path, which stands before /v2/", () => {
    expect(baseUrl("http://epoch.cocoon-system.svc:8080/")).toEqual({
      ok: true,
      url: "http://epoch.cocoon-system.svc:8080",
      prefix: "",
    });
    expect(baseUrl("https://example.com/epoch/")).toMatchObject({ url: "https://example.com/epoch" });
  });

  it.each(["epoch.cocoon-system.svc:8080", "ftp://x", "http://ada:secret@x", "http://x?y"])(
    "refuses %s",
    (text) => {
      expect(baseUrl(text)).toMatchObject({ ok: false });
    },
  );
});
