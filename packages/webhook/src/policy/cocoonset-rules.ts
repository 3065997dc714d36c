import {
  agentModes,
  agentModeWithDefault,
  backends,
  backendWithDefault,
  type CocoonSetSpec,
  connTypes,
  type Decoded,
  osTypes,
  osTypeWithDefault,
  snapshotPolicies,
  toolboxModes,
  toolboxModeWithDefault,
} from "@cocoonstack/common/apis/v1";
import type { Violation } from "./decision.js";
import { type Place, Violations } from "./violations.js";

/** As they come: any field may be absent or null, and any text may stand where one of a few words is meant. */
type Spec = Decoded<CocoonSetSpec>;
type Agent = NonNullable<Spec["agent"]>;
type Toolbox = NonNullable<NonNullable<Spec["toolboxes"]>[number]>;

/**
 * Everything that is wrong with a CocoonSet's spec, in the order of its fields; empty where it keeps all rules. After the
 * first hundred it says only that there are more.
 *
 * @example
 * cocoonSetViolations({ agent: { image: "ubuntu:24.04", backend: "firecracker" } });
 * // [{ field: "spec.agent.mode", … }]: firecracker needs mode run, and the default is clone
 */
export function cocoonSetViolations(spec: Spec): readonly Violation[] {
  const found = new Violations();
  // A document without an agent decodes, as in Go; the rules then say what is missing.
  const agent = spec.agent ?? {};
  supported(found, inSpec, "snapshotPolicy", spec.snapshotPolicy, snapshotPolicies);
  judgeAgent(found, agent);
  judgeToolboxes(found, spec.toolboxes ?? [], agent);
  return found.list;
}

const inSpec: Place = (field) => `spec.${field}`;
const inAgent: Place = (field) => `spec.agent.${field}`;

function judgeAgent(found: Violations, agent: Agent): void {
  required(found, inAgent, "image", agent.image, "name the image that the agent's VMs boot from");
  const replicas = agent.replicas ?? 0;
  if (replicas < 0) {
    found.invalid(inAgent("replicas"), `must be 0 or more, not ${replicas}: it is the number of sub-agents`);
  }
  supported(found, inAgent, "mode", agent.mode, agentModes);
  judgeVMOptions(found, inAgent, agent, agentModeWithDefault(agent.mode));
}

function judgeToolboxes(found: Violations, toolboxes: NonNullable<Spec["toolboxes"]>, agent: Agent): void {
  const seen = new Set<string>();
  for (let index = 0; index < toolboxes.length && !found.isFull; index++) {
    const toolbox = toolboxes[index] ?? {};
    const inToolbox: Place = (field) => `spec.toolboxes[${index}].${field}`;
    judgeToolboxName(found, inToolbox, toolbox.name ?? "", seen);
    supported(found, inToolbox, "mode", toolbox.mode, toolboxModes);
    const mode = toolboxModeWithDefault(toolbox.mode);
    if (mode === "static") judgeStaticToolbox(found, inToolbox, toolbox);
    else judgeBootedToolbox(found, inToolbox, toolbox, { mode, agent });
  }
}

// RFC 1123, section 2.1: what Kubernetes calls a DNS label. The name becomes a part of a pod's and of a VM's name.
const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const digitsOnly = /^[0-9]+$/;

function judgeToolboxName(found: Violations, at: Place, name: string, seen: Set<string>): void {
  if (name === "") {
    found.required(at("name"), "the name tells the toolboxes apart");
    return;
  }
  if (!dnsLabel.test(name)) {
    found.invalid(
      at("name"),
      "must be a DNS label: at most 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit",
    );
  } else if (digitsOnly.test(name)) {
    found.invalid(at("name"), "must hold a letter: a name of digits alone would be read as an agent's slot");
  }
  if (seen.has(name)) found.duplicate(at("name"), "must differ from the names of the toolboxes before it");
  seen.add(name);
}

/** A static toolbox is a VM that exists already: it has an address and an id, and nothing is booted. */
function judgeStaticToolbox(found: Violations, at: Place, { staticIP, staticVMID }: Toolbox): void {
  required(found, at, "staticIP", staticIP, "mode static needs the address of the existing VM");
  required(found, at, "staticVMID", staticVMID, "mode static needs the id of the existing VM");
}

function judgeBootedToolbox(
  found: Violations,
  at: Place,
  toolbox: Toolbox,
  { mode, agent }: { readonly mode: string; readonly agent: Agent },
): void {
  required(
    found,
    at,
    "image",
    toolbox.image,
    "name the image that the toolbox boots from, or use mode static for an existing VM",
  );
  judgeVMOptions(found, at, toolbox, mode);

  const own = backendWithDefault(toolbox.backend);
  const agents = backendWithDefault(agent.backend);
  if (own !== agents && isOneOf(backends, own) && isOneOf(backends, agents)) {
    found.invalid(
      at("backend"),
      `must be the agent's backend, ${agents}, not ${own}: all VMs of a CocoonSet that are booted for it share one`,
    );
  }
}

/** What agents and booted toolboxes have in common. */
type VMOptions = Pick<Agent, "image" | "os" | "backend" | "connType">;

function judgeVMOptions(found: Violations, at: Place, vm: VMOptions, mode: string): void {
  supported(found, at, "os", vm.os, osTypes);
  supported(found, at, "backend", vm.backend, backends);
  supported(found, at, "connType", vm.connType, connTypes);
  if (backendWithDefault(vm.backend) === "firecracker") judgeFirecracker(found, at, vm, mode);
}

function judgeFirecracker(found: Violations, at: Place, vm: VMOptions, mode: string): void {
  if (osTypeWithDefault(vm.os) === "windows") {
    found.invalid(
      at("os"),
      "backend firecracker cannot boot windows: use backend cloud-hypervisor, or another os",
    );
  }
  if (vm.image?.startsWith("http://") === true || vm.image?.startsWith("https://") === true) {
    found.invalid(
      at("image"),
      "backend firecracker needs an OCI image, not a URL: name an OCI image, or use backend cloud-hypervisor",
    );
  }
  if (mode === "clone") {
    found.invalid(
      at("mode"),
      "backend firecracker cannot clone, because a restored snapshot keeps the network identity of the original: " +
        "set mode run, or use backend cloud-hypervisor",
    );
  }
}

function required(
  found: Violations,
  at: Place,
  field: string,
  value: string | null | undefined,
  wayOut: string,
): void {
  if ((value ?? "") === "") found.required(at(field), wayOut);
}

/** An empty value stands for the default, as in Go. The value is not quoted: it can be anything, of any length. */
function supported(
  found: Violations,
  at: Place,
  field: string,
  value: string | null | undefined,
  values: readonly string[],
): void {
  if (value === undefined || value === null || value === "" || isOneOf(values, value)) return;
  found.notSupported(at(field), values);
}

const isOneOf = (values: readonly string[], value: string): boolean => values.includes(value);
