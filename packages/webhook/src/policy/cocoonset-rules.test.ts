import { describe, expect, it } from "vitest";
import { cocoonSetViolations } from "./cocoonset-rules.js";

const agent = { image: "ghcr.io/cocoonstack/cocoon/ubuntu:24.04" };
const firecracker = { ...agent, mode: "run", backend: "firecracker" };
const toolbox = { name: "db", image: "ubuntu:24.04" };

/** The violations as `FIELD KIND`. */
const found = (spec: Parameters<typeof cocoonSetViolations>[0]): string[] =>
  cocoonSetViolations(spec).map(({ field, kind }) => `${field} ${kind}`);
const withToolboxes = (...toolboxes: object[]): string[] => found({ agent, toolboxes });

describe("cocoonSetViolations", () => {
  it.each([
    ["the least that is valid", { agent }],
    [
      "empty texts, which stand for defaults",
      { snapshotPolicy: "", agent: { ...agent, mode: "", os: "", backend: "", connType: "" } },
    ],
    ["nulls", { snapshotPolicy: null, agent: { ...agent, replicas: null, mode: null }, toolboxes: null }],
    ["firecracker with run", { agent: firecracker, toolboxes: [{ ...toolbox, backend: "firecracker" }] }],
    ["an image that names a scheme elsewhere", { agent: { ...firecracker, image: "registry/https://x" } }],
    ["a scheme in upper case, as the reference has it", { agent: { ...firecracker, image: "HTTPS://x/y" } }],
    ["a URL on cloud-hypervisor", { agent: { image: "https://images.example.com/a.qcow2" } }],
    [
      "names that nearly are numbers",
      {
        agent,
        toolboxes: [
          { ...toolbox, name: "1e3" },
          { ...toolbox, name: "0x1" },
        ],
      },
    ],
    ["the longest name", { agent, toolboxes: [{ ...toolbox, name: "a".repeat(63) }] }],
    [
      "a static toolbox, about which nothing else is asked",
      {
        agent,
        toolboxes: [
          {
            name: "jump",
            mode: "static",
            staticIP: "10.0.0.5",
            staticVMID: "vm-1",
            os: "plan9",
            connType: "x",
            backend: "firecracker",
            image: "http://x",
          },
        ],
      },
    ],
  ])("finds nothing in %s", (_, spec) => {
    expect(cocoonSetViolations(spec)).toEqual([]);
  });

  it.each([
    [{}, ["spec.agent.image FieldValueRequired"]],
    [{ agent: null, toolboxes: [] }, ["spec.agent.image FieldValueRequired"]],
    [{ agent: { ...agent, image: "" } }, ["spec.agent.image FieldValueRequired"]],
    [{ agent: { ...agent, replicas: -1 } }, ["spec.agent.replicas FieldValueInvalid"]],
    [{ agent, snapshotPolicy: "Always" }, ["spec.snapshotPolicy FieldValueNotSupported"]],
    [{ agent: { ...agent, mode: "static" } }, ["spec.agent.mode FieldValueNotSupported"]],
    [{ agent: { ...agent, os: "LINUX" } }, ["spec.agent.os FieldValueNotSupported"]],
    [{ agent: { ...agent, backend: "qemu" } }, ["spec.agent.backend FieldValueNotSupported"]],
    [{ agent: { ...agent, connType: "telnet" } }, ["spec.agent.connType FieldValueNotSupported"]],
    [{ agent: { ...firecracker, os: "windows" } }, ["spec.agent.os FieldValueInvalid"]],
    [{ agent: { ...firecracker, image: "http://x/y.img" } }, ["spec.agent.image FieldValueInvalid"]],
    [{ agent: { ...firecracker, image: "https://x/y.img" } }, ["spec.agent.image FieldValueInvalid"]],
    [{ agent: { ...firecracker, mode: "clone" } }, ["spec.agent.mode FieldValueInvalid"]],
    [{ agent: { ...agent, backend: "firecracker" } }, ["spec.agent.mode FieldValueInvalid"]],
  ])("finds what is wrong with %j", (spec, violations) => {
    expect(found(spec)).toEqual(violations);
  });

  it.each([
    [{ image: "x" }, ["name FieldValueRequired"]],
    [{ ...toolbox, name: "UPPER" }, ["name FieldValueInvalid"]],
    [{ ...toolbox, name: "a.b" }, ["name FieldValueInvalid"]],
    [{ ...toolbox, name: "-a" }, ["name FieldValueInvalid"]],
    [{ ...toolbox, name: "a-" }, ["name FieldValueInvalid"]],
    [{ ...toolbox, name: "a\n" }, ["name FieldValueInvalid"]],
    [{ ...toolbox, name: "a".repeat(64) }, ["name FieldValueInvalid"]],
    [{ ...toolbox, name: "007" }, ["name FieldValueInvalid"]],
    [{ ...toolbox, name: "99999999999999999999" }, ["name FieldValueInvalid"]],
    [{ ...toolbox, mode: "fork" }, ["mode FieldValueNotSupported"]],
    [{ ...toolbox, image: "" }, ["image FieldValueRequired"]],
    [{ ...toolbox, os: "plan9" }, ["os FieldValueNotSupported"]],
    [{ ...toolbox, connType: "x" }, ["connType FieldValueNotSupported"]],
    [{ ...toolbox, backend: "firecracker" }, ["backend FieldValueInvalid"]],
    [{ ...toolbox, backend: "qemu" }, ["backend FieldValueNotSupported"]],
    [
      { ...toolbox, backend: "firecracker", mode: "clone", os: "windows", image: "http://x" },
      [
        "os FieldValueInvalid",
        "image FieldValueInvalid",
        "mode FieldValueInvalid",
        "backend FieldValueInvalid",
      ],
    ],
    [{ name: "jump", mode: "static" }, ["staticIP FieldValueRequired", "staticVMID FieldValueRequired"]],
    [{ name: "jump", mode: "static", staticIP: "10.0.0.5" }, ["staticVMID FieldValueRequired"]],
  ])("finds what is wrong with the toolbox %j", (item, violations) => {
    expect(withToolboxes(item)).toEqual(violations.map((violation) => `spec.toolboxes[0].${violation}`));
  });

  it("finds the second of two equal names, and all of them at once with the rest", () => {
    expect(
      withToolboxes(toolbox, { ...toolbox, image: "" }, { name: "db", mode: "static" }, toolbox),
    ).toEqual([
      "spec.toolboxes[1].name FieldValueDuplicate",
      "spec.toolboxes[1].image FieldValueRequired",
      "spec.toolboxes[2].name FieldValueDuplicate",
      "spec.toolboxes[2].staticIP FieldValueRequired",
      "spec.toolboxes[2].staticVMID FieldValueRequired",
      "spec.toolboxes[3].name FieldValueDuplicate",
    ]);
  });

  it("stops after a hundred, and says so", () => {
    const violations = cocoonSetViolations({ agent, toolboxes: Array<object>(100_000).fill({}) });
    expect(violations).toHaveLength(101);
    expect(violations.at(-1)).toMatchObject({
      field: "spec",
      message: expect.stringMatching(/^breaks more rules/) as string,
    });
  });

  it("never repeats a value: it can be anything, of any length", () => {
    const marker = "zq7".repeat(1000);
    const vm = { image: marker, mode: marker, os: marker, backend: marker, connType: marker };
    const spec = { snapshotPolicy: marker, agent: vm, toolboxes: [{ ...vm, name: marker }] };
    expect(JSON.stringify(cocoonSetViolations(spec))).not.toContain("zq7");
  });
});
