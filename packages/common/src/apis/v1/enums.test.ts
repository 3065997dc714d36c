import { describe, expect, it } from "vitest";
import vectors from "../../../../../test/data/vectors.json" with { type: "json" };
import * as generated from "./enums.generated.js";
import {
  agentModeWithDefault,
  backendWithDefault,
  defaults,
  hibernationDesires,
  isValidAgentMode,
  isValidBackend,
  isValidConnType,
  isValidHibernationDesire,
  isValidOSType,
  isValidSnapshotPolicy,
  isValidToolboxMode,
  osTypeWithDefault,
  snapshotPolicyWithDefault,
  toolboxModeWithDefault,
} from "./index.js";

// Written out in full: stored objects and components in other languages hold the same words, and people read them in this
// order in messages and in the CRD.
it("the enums and the defaults of the API are these, and no others", () => {
  expect({ ...generated }).toStrictEqual({
    agentModes: ["clone", "run"],
    toolboxModes: ["run", "clone", "static"],
    osTypes: ["linux", "windows", "android"],
    backends: ["cloud-hypervisor", "firecracker"],
    connTypes: ["ssh", "rdp", "vnc", "adb"],
    snapshotPolicies: ["always", "main-only", "never"],
    cocoonSetPhases: ["Pending", "Running", "Scaling", "Suspending", "Suspended", "Failed"],
    hibernationDesires: ["Hibernate", "Wake"],
    hibernationPhases: ["Pending", "Hibernating", "Hibernated", "Waking", "Active", "Failed"],
    conditionStatuses: ["True", "False", "Unknown"],
    defaults: {
      agentMode: "clone",
      toolboxMode: "run",
      osType: "linux",
      backend: "cloud-hypervisor",
      snapshotPolicy: "always",
    },
  });
});

describe.each([
  ["agentMode.isValid", isValidAgentMode],
  ["toolboxMode.isValid", isValidToolboxMode],
  ["osType.isValid", isValidOSType],
  ["backend.isValid", isValidBackend],
  ["connType.isValid", isValidConnType],
  ["snapshotPolicy.isValid", isValidSnapshotPolicy],
] as const)("%s", (name, isValid) => {
  it.each(vectors[name])("$in → $out, as the Go library says", ({ in: value, out }) => {
    expect(isValid(value)).toBe(out);
  });
});

describe.each([
  ["agentMode.default", agentModeWithDefault, defaults.agentMode],
  ["toolboxMode.default", toolboxModeWithDefault, defaults.toolboxMode],
  ["osType.default", osTypeWithDefault, defaults.osType],
  ["backend.default", backendWithDefault, defaults.backend],
  ["snapshotPolicy.default", snapshotPolicyWithDefault, defaults.snapshotPolicy],
] as const)("%s", (name, withDefault, fallback) => {
  it.each(vectors[name])("$in → $out, as the Go library says", ({ in: value, out }) => {
    expect(withDefault(value)).toBe(out);
  });

  it("a missing value and null give the default", () => {
    expect(withDefault(undefined)).toBe(fallback);
    expect(withDefault(null)).toBe(fallback);
  });
});

it("the desires of a hibernation are Hibernate and Wake", () => {
  expect(hibernationDesires.every(isValidHibernationDesire)).toBe(true);
  expect(isValidHibernationDesire("hibernate")).toBe(false);
});
