import Type, { type TInteger, type TOptional } from "typebox";
import { described } from "./describe.js";
import { Backend, ConnType, OSType } from "./enums.js";
import { Quantity } from "./quantity.js";
import { ResourceRequirements } from "./resources.js";

/** Bounds what a CEL rule may cost; no real image reference comes near it. */
export const maxImageLength = 4096;

/** A TCP port; 0 means "none". */
export const port = (description: string): TOptional<TInteger> =>
  Type.Optional(Type.Integer({ description, format: "int32", minimum: 0, maximum: 65535 }));

/** What agents and toolboxes have in common: how the VM is built and reached. */
export const VMOptions = Type.Object(
  {
    os: Type.Optional(described(OSType, "Operating system inside the VM. Firecracker cannot boot windows.")),
    backend: Type.Optional(
      described(
        Backend,
        "Hypervisor that runs the VM. Firecracker takes OCI images only, mode run only, and not windows. All " +
          "VMs of a CocoonSet but its static toolboxes use the same one.",
      ),
    ),
    connType: Type.Optional(
      described(
        ConnType,
        "Protocol by which people reach the VM. Unset, it follows from the VM: vnc where it has a VNC port, adb on " +
          "android, rdp on windows, ssh otherwise.",
      ),
    ),
    network: Type.Optional(
      Type.String({
        description:
          "Network that the VM joins, by the name it has on the node; unset is the node's default network.",
      }),
    ),
    forcePull: Type.Optional(
      Type.Boolean({
        description: "Fetch the image anew even where the node has it cached; false unless set.",
      }),
    ),
    noDirectIO: Type.Optional(
      Type.Boolean({
        description:
          "Send disk writes through the node's page cache instead of past it (O_DIRECT), for storage that has no " +
          "direct I/O; false unless set.",
      }),
    ),
    probePort: port(
      "TCP port inside the VM that must accept connections before the pod counts as ready, such as 22. 0 or unset " +
        "probes no port.",
    ),
    storage: Type.Optional(
      described(
        Quantity,
        "Size of the VM's disk in bytes, such as 20Gi; unset keeps the size of the image. It also counts as " +
          "ephemeral-storage when the pod is scheduled.",
      ),
    ),
    resources: Type.Optional(
      described(
        ResourceRequirements,
        "CPU and memory of the VM, in the form of a Kubernetes container's resources.",
      ),
    ),
  },
  {
    title: "VMOptions",
    description: "How a VM is built and reached: what agents and toolboxes have in common.",
    examples: [{ os: "windows", connType: "rdp", storage: "60Gi", resources: { requests: { cpu: 4 } } }],
  },
);
