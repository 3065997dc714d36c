import { describe, expect, it } from "vitest";
import { parseChallenges } from "./challenge.js";

describe("parseChallenges", () => {
  it("reads a token service", () => {
    const header =
      'Bearer realm="https://auth.example.com/token",service="registry.example.com",scope="repository:team/vm:pull,push"';
    expect(parseChallenges(header)).toEqual([
      {
        scheme: "bearer",
        parameters: {
          realm: "https://auth.example.com/token",
          service: "registry.example.com",
          scope: "repository:team/vm:pull,push",
        },
      },
    ]);
  });

  it("reads several challenges of one header, whatever stands between them", () => {
    expect(
      parseChallenges('Negotiate, Basic realm="a, \\"b\\"" , charset=UTF-8,Bearer  realm = "c"'),
    ).toEqual([
      { scheme: "negotiate", parameters: {} },
      { scheme: "basic", parameters: { realm: 'a, "b"', charset: "UTF-8" } },
      { scheme: "bearer", parameters: { realm: "c" } },
    ]);
  });

  it.each([
    ["", []],
    ['realm="a"', []],
    ['Basic realm="a', [{ scheme: "basic", parameters: {} }]],
    ["Basic \u0000, Bearer", [{ scheme: "basic", parameters: {} }]],
  ])("of %j is what was understood before it went wrong", (header, challenges) => {
    expect(parseChallenges(header)).toMatchObject(challenges);
    expect(parseChallenges(header)).toHaveLength(challenges.length);
  });

  it("takes a parameter of any name for a parameter", () => {
    const [challenge] = parseChallenges("Basic __proto__=x");
    expect(challenge?.parameters["realm"]).toBeUndefined();
    expect(Object.keys(challenge?.parameters ?? {})).toEqual(["__proto__"]);
  });

  it("looks at so much of an endless header and no more", () => {
    expect(parseChallenges("Basic ,".repeat(10_000))).toHaveLength(64);
  });
});
