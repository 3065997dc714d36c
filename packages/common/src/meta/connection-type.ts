/**
 * What decides how people reach a VM.
 *
 * @example
 * ```ts
 * const vm: ConnectionTypeInput = { osType: "android", hasVNCPort: true };
 * connectionType(vm); // "vnc"
 * ```
 */
export interface ConnectionTypeInput {
  /** What the VM's specification asks for; empty where it asks for nothing. */
  readonly override?: string | null | undefined;
  /** Operating system of the VM, in lower case. */
  readonly osType?: string | null | undefined;
  /** Whether the node reports a VNC port. */
  readonly hasVNCPort: boolean;
}

/**
 * How people reach a VM: as its specification asks; else by `vnc` where there is a port for it, by `adb` for Android, by
 * `rdp` for Windows, else by `ssh`.
 *
 * @example
 * ```ts
 * connectionType({ osType: "windows", hasVNCPort: false }); // "rdp"
 * ```
 */
export function connectionType({ override, osType, hasVNCPort }: ConnectionTypeInput): string {
  if (override !== undefined && override !== null && override !== "") return override;
  if (hasVNCPort) return "vnc";
  if (osType === "android") return "adb";
  return osType === "windows" ? "rdp" : "ssh";
}
