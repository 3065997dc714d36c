import { buildInfo, contractVersion } from "./build-info.js";
import { print } from "./print.js";
import { testedKubernetes } from "./tested-kubernetes.generated.js";

/** Prints what an executable is. The fields of the JSON are documented in docs/configuration.md. */
export function printVersion(program: string, format: "text" | "json"): void {
  const { version, commit } = buildInfo;
  const facts = {
    version,
    commit,
    contract: contractVersion,
    kubernetes: testedKubernetes,
    node: process.versions.node,
    platform: `${process.platform}/${process.arch}`,
  };
  if (format === "json") {
    print(`${JSON.stringify(facts, null, 2)}\n`);
    return;
  }
  print(
    [
      `${program} ${version} (${commit})`,
      `contract    @cocoonstack/common ${facts.contract}`,
      `kubernetes  tested with ${facts.kubernetes.join(", ")}`,
      `node        ${facts.node} on ${facts.platform}`,
      "",
    ].join("\n"),
  );
}
