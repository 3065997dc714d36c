import { describe, expect, it } from "vitest";
import { nodeExecutable } from "../support/build-executable.js";
import { type Exit, runExecutable } from "../support/webhook-process.js";

const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Exit> =>
  runExecutable(args, env, [process.execPath, nodeExecutable]);

describe("cocoon-node", () => {
  it("says how it is called", async () => {
    const { code, stdout } = await run(["--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("cocoon-node --backend simulated --name node-a");
    expect(stdout).toMatch(/--registry <host\[\/prefix\]> {2}registry that .*\n.*\[OCI_REGISTRY\]/);
  });

  it.each([
    [
      [],
      {},
      /^cocoon-node: NODE_BACKEND must name what runs the VMs: simulated, by which nothing does; it is ""\n$/,
    ],
    [["--bakend", "simulated"], {}, /unknown option '--bakend'\n\(Did you mean --backend\?\)/],
    [
      ["--backend", "kvm", "--name", "Node_A", "--boot-time", "soon"],
      { NODE_MAX_PODS: "none" },
      /^cocoon-node: the --backend flag .*\n.*the --name flag must be a name of .*\n.*NODE_MAX_PODS must .*\n.*--boot-time flag must /,
    ],
    [["--backend", "simulated", "--registry", "ftp://host"], {}, /^cocoon-node: OCI_REGISTRY must be HOST/],
    [
      ["--registry", "ftp://host"],
      { OCI_REGISTRY_CA_FILE: "/nowhere/ca.pem" },
      /^cocoon-node: NODE_BACKEND must .*\n.*OCI_REGISTRY must be HOST.*\n.*OCI_REGISTRY_CA_FILE/,
    ],
  ])("called with %j and %j ends with 2, and says why", async (args, env, fault) => {
    const { code, stderr } = await run(args, env);
    expect([code, stderr]).toEqual([2, expect.stringMatching(fault)]);
  });

  it("without a cluster ends with 1, and says where it looked", async () => {
    const { code, stderr } = await run(["--backend", "simulated", "--kubeconfig", "/nowhere/config"]);
    expect([code, stderr]).toEqual([1, "cocoon-node: KUBECONFIG: /nowhere/config: no such file\n"]);
  });
});
