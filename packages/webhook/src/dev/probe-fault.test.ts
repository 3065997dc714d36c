import { describe, expect, it } from "vitest";
import { type ProbeFaultKind, probeFaultLines, probeFaultOf } from "./probe-fault.js";

describe("probeFaultOf", () => {
  it.each<[string, number | undefined, string, ProbeFaultKind]>([
    [
      "a place that gives no answer",
      500,
      'failed calling webhook "probe.dev.webhook.cocoonstack.io": x',
      "unreachable",
    ],
    ["another webhook's place", 500, 'failed calling webhook "a.example.com": x', "other"],
    [
      "an account without the right",
      403,
      'configmaps is forbidden: User "a" cannot create resource "configmaps" in',
      "forbidden",
    ],
    ["no account", 401, "Unauthorized", "forbidden"],
    [
      "a refusal of another webhook",
      403,
      'admission webhook "a.example.com" denied the request: no',
      "other",
    ],
    ["a quota", 403, 'configmaps "p" is forbidden: exceeded quota: q', "other"],
    [
      "a namespace that is not there",
      404,
      'POST /p: NotFound (status 404): namespaces "a" not found',
      "no-namespace",
    ],
    [
      "a webhook that refuses by 404",
      404,
      'admission webhook "a.example.com" denied the request: no',
      "other",
    ],
    ["a ConfigMap that nobody was asked about", 201, "", "not-asked"],
    ["no answer", undefined, "timed out", "other"],
  ])("%s", (_, status, message, kind) => {
    expect(probeFaultOf(status, message).kind).toBe(kind);
  });
});

describe("probeFaultLines", () => {
  const place = { url: "https://h:1", namespace: "team-a", hint: "say by --host" };

  it("tells how API servers reach this machine only where they do not", () => {
    expect(probeFaultLines({ kind: "unreachable", message: "refused" }, place)).toEqual([
      "API servers cannot ask https://h:1: refused",
      "say by --host",
    ]);
    for (const kind of ["forbidden", "no-namespace", "not-asked", "other"] as const) {
      expect(probeFaultLines({ kind, message: "why" }, place).join()).not.toContain("--host");
    }
  });

  it.each([
    ["forbidden", /: why; have the right to create ConfigMaps in namespace team-a granted$/],
    ["no-namespace", /^there is no namespace team-a: .*--namespace/],
    ["not-asked", /https:\/\/h:1: why; try again$/],
    ["other", /https:\/\/h:1 .*: why; /],
  ] as const)("names the way out of %s", (kind, text) => {
    expect(probeFaultLines({ kind, message: "why" }, place)).toEqual([expect.stringMatching(text)]);
  });
});
