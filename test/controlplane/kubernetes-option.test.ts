import { describe, expect, it } from "vitest";
import { requestedMinor, takeKubernetesOption } from "./kubernetes-option.js";

describe("--kubernetes", () => {
  it.each([
    [[], undefined, []],
    [["pods", "-u"], undefined, ["pods", "-u"]],
    [["--kubernetes", "1.33"], "1.33", []],
    [["pods", "--kubernetes", "1.33", "-u"], "1.33", ["pods", "-u"]],
    [["pods", "--kubernetes=1.33", "-u"], "1.33", ["pods", "-u"]],
    [["--kubernetes="], "", []],
    [["pods", "--kubernetes"], "", ["pods"]],
    [["--kubernetes", "1.33", "--kubernetes", "1.36"], "1.33", ["--kubernetes", "1.36"]],
    [["--kubernetes-version", "1.33"], undefined, ["--kubernetes-version", "1.33"]],
  ])("in %j is %j, and leaves %j", (args, asked, rest) => {
    expect(takeKubernetesOption(args)).toEqual({ asked, rest });
  });
});

describe("the version that is asked for", () => {
  it("is that of the option, else that of the environment, else none", () => {
    expect(requestedMinor("1.33", { COCOON_KUBERNETES: "1.36" })).toBe("1.33");
    expect(requestedMinor(undefined, { COCOON_KUBERNETES: "1.36" })).toBe("1.36");
    expect(requestedMinor(undefined, { COCOON_KUBERNETES: "" })).toBeUndefined();
    expect(requestedMinor(undefined, {})).toBeUndefined();
  });

  const supported = "supported are 1.33, 1.35 (the default), 1.36";
  it.each([
    ["1.32", {}, `--kubernetes 1.32 is not a version that can be built here: ${supported}`],
    ["1.33.13", {}, `--kubernetes 1.33.13 is not a version that can be built here: ${supported}`],
    ["toString", {}, `--kubernetes toString is not a version that can be built here: ${supported}`],
    ["", {}, `--kubernetes needs a version: ${supported}`],
    ["", { COCOON_KUBERNETES: "1.33" }, `--kubernetes needs a version: ${supported}`],
    [
      undefined,
      { COCOON_KUBERNETES: "latest" },
      `COCOON_KUBERNETES=latest is not a version that can be built here: ${supported}`,
    ],
  ])("%j with %j is refused", (asked, env, message) => {
    expect(() => requestedMinor(asked, env)).toThrow(message);
  });

  it.each([
    ["1.35", {}, "--kubernetes 1.35"],
    [undefined, { COCOON_KUBERNETES: "1.33" }, "COCOON_KUBERNETES=1.33"],
  ])("%j with %j does not go together with KUBEBUILDER_ASSETS", (asked, env, source) => {
    expect(() => requestedMinor(asked, { ...env, KUBEBUILDER_ASSETS: "/envtest" })).toThrow(
      `${source} and KUBEBUILDER_ASSETS=/envtest exclude each other: the executables in that folder have the version that they ` +
        "have. Unset the variable, or do not ask for a version",
    );
    expect(requestedMinor(asked, { ...env, KUBEBUILDER_ASSETS: "" })).toBeDefined();
  });

  it("may be left to KUBEBUILDER_ASSETS", () => {
    expect(requestedMinor(undefined, { KUBEBUILDER_ASSETS: "/envtest" })).toBeUndefined();
  });
});
