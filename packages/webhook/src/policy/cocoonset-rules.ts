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

/** As they come: any field may be absent or null, and any text may stand where one of a few words is meant. */
type Spec = Decoded<CocoonSetSpec>;
type Agent = NonNullable<Spec["agent"]>;
type Toolbox = NonNullable<NonNullable<Spec["toolboxes"]>[number]>;

/** More than anybody reads. Without a limit, a document of nothing but mistakes would be answered by a far longer one. */
const mostViolations = 100;

/**
 * Everything that is wrong with a CocoonSet's spec, in the order of its fields; empty where it keeps all rules. After the
 * first hundred it says only that there are more.
 *
 * @example
 * cocoonSetViolations({ agent: { image: "ubuntu:24.04", backend: "firecracker" } });
 * // [{ field: "spec.agent.mode", … }]: firecracker needs mode run, and the default is clone
 */
export function cocoonSetViolations(spec: Spec): readonly Violation[] {
  const found: Violation[] = [];
  for (const violation of specViolations(spec)) {
    if (found.length === mostViolations) {
      return [...found, invalid("spec", `breaks more rules than these ${mostViolations}: mend these first`)];
    }
    found.push(violation);
  }
  return found;
}

function* specViolations(spec: Spec): Generator<Violation> {
  // A document without an agent decodes, as in Go; the rules then say what is missing.
  const agent = spec.agent ?? {};
  yield* notSupported("spec.snapshotPolicy", spec.snapshotPolicy, snapshotPolicies);
  yield* agentViolations("spec.agent", agent);
  yield* toolboxesViolations("spec.toolboxes", spec.toolboxes ?? [], agent);
}

function* agentViolations(path: string, agent: Agent): Generator<Violation> {
  yield* required(`${path}.image`, agent.image, "name the image that the agent's VMs boot from");
  if ((agent.replicas ?? 0) < 0) {
    yield invalid(
      `${path}.replicas`,
      `must be 0 or more, not ${agent.replicas ?? 0}: it is the number of sub-agents`,
    );
  }
  yield* notSupported(`${path}.mode`, agent.mode, agentModes);
  yield* vmOptionViolations(path, agent, agentModeWithDefault(agent.mode));
}

function* toolboxesViolations(
  path: string,
  toolboxes: NonNullable<Spec["toolboxes"]>,
  agent: Agent,
): Generator<Violation> {
  const seen = new Set<string>();
  for (const [index, element] of toolboxes.entries()) {
    const toolbox = element ?? {};
    const item = `${path}[${index}]`;
    yield* toolboxNameViolations(`${item}.name`, toolbox.name ?? "", seen);
    yield* notSupported(`${item}.mode`, toolbox.mode, toolboxModes);
    yield* toolboxModeWithDefault(toolbox.mode) === "static"
      ? staticToolboxViolations(item, toolbox)
      : bootedToolboxViolations(item, toolbox, agent);
  }
}

// RFC 1123, section 2.1: what Kubernetes calls a DNS label. The name becomes a part of a pod's and of a VM's name.
const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const digitsOnly = /^[0-9]+$/;

function* toolboxNameViolations(field: string, name: string, seen: Set<string>): Generator<Violation> {
  if (name === "") {
    yield { field, kind: "FieldValueRequired", message: "must be set: the name tells the toolboxes apart" };
  } else if (!dnsLabel.test(name)) {
    yield invalid(
      field,
      "must be a DNS label: at most 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit",
    );
  } else if (digitsOnly.test(name)) {
    yield invalid(field, "must hold a letter: a name of digits alone would be read as an agent's slot");
  }
  if (name !== "" && seen.has(name)) {
    yield {
      field,
      kind: "FieldValueDuplicate",
      message: "must differ from the names of the toolboxes before it",
    };
  }
  seen.add(name);
}

/** A static toolbox is a VM that exists already: it has an address and an id, and nothing is booted. */
function* staticToolboxViolations(path: string, toolbox: Toolbox): Generator<Violation> {
  yield* required(`${path}.staticIP`, toolbox.staticIP, "mode static needs the address of the existing VM");
  yield* required(`${path}.staticVMID`, toolbox.staticVMID, "mode static needs the id of the existing VM");
}

function* bootedToolboxViolations(path: string, toolbox: Toolbox, agent: Agent): Generator<Violation> {
  yield* required(
    `${path}.image`,
    toolbox.image,
    "name the image that the toolbox boots from, or use mode static for an existing VM",
  );
  yield* vmOptionViolations(path, toolbox, toolboxModeWithDefault(toolbox.mode));

  const own = backendWithDefault(toolbox.backend);
  const agents = backendWithDefault(agent.backend);
  if (own !== agents && isOneOf(backends, own) && isOneOf(backends, agents)) {
    yield invalid(
      `${path}.backend`,
      `must be the agent's backend, ${agents}, not ${own}: all VMs of a CocoonSet that are booted for it share one`,
    );
  }
}

/** What agents and booted toolboxes have in common. */
type VMOptions = Pick<Agent, "image" | "os" | "backend" | "connType">;

function* vmOptionViolations(path: string, vm: VMOptions, mode: string): Generator<Violation> {
  yield* notSupported(`${path}.os`, vm.os, osTypes);
  yield* notSupported(`${path}.backend`, vm.backend, backends);
  yield* notSupported(`${path}.connType`, vm.connType, connTypes);
  if (backendWithDefault(vm.backend) === "firecracker") yield* firecrackerViolations(path, vm, mode);
}

function* firecrackerViolations(path: string, vm: VMOptions, mode: string): Generator<Violation> {
  if (osTypeWithDefault(vm.os) === "windows") {
    yield invalid(
      `${path}.os`,
      "backend firecracker cannot boot windows: use backend cloud-hypervisor, or another os",
    );
  }
  if (vm.image?.startsWith("http://") === true || vm.image?.startsWith("https://") === true) {
    yield invalid(
      `${path}.image`,
      "backend firecracker needs an OCI image, not a URL: name an OCI image, or use backend cloud-hypervisor",
    );
  }
  if (mode === "clone") {
    yield invalid(
      `${path}.mode`,
      "backend firecracker cannot clone, because a restored snapshot keeps the network identity of the original: " +
        "set mode run, or use backend cloud-hypervisor",
    );
  }
}

const invalid = (field: string, message: string): Violation => ({
  field,
  kind: "FieldValueInvalid",
  message,
});

function* required(field: string, value: string | null | undefined, wayOut: string): Generator<Violation> {
  if ((value ?? "") === "") yield { field, kind: "FieldValueRequired", message: `must be set: ${wayOut}` };
}

/** An empty value stands for the default, as in Go. The value is not quoted: it can be anything, of any length. */
function* notSupported(
  field: string,
  value: string | null | undefined,
  supported: readonly string[],
): Generator<Violation> {
  if ((value ?? "") === "" || isOneOf(supported, value)) return;
  yield { field, kind: "FieldValueNotSupported", message: `must be one of ${supported.join(", ")}` };
}

const isOneOf = (values: readonly string[], value: string | null | undefined): boolean =>
  values.some((known) => known === value);
