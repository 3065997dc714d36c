// @ts-check
// Prints the VM behind a pod, as the pod's annotations tell it:
//
//   kubectl get pod demo-0 -o json | node print-vm.mjs
//   node print-vm.mjs pod.json
import { readFileSync } from "node:fs";
import { parseVMRuntime, parseVMSpec } from "@cocoonstack/common/meta";

const file = process.argv[2] ?? "-";
/** @type {import("@cocoonstack/common/meta").Annotated & { metadata?: { name?: string } }} */
const pod = JSON.parse(readFileSync(file === "-" ? 0 : file, "utf8"));

const { vmName, image } = parseVMSpec(pod);
const { vmID, ip } = parseVMRuntime(pod);
if (vmName === "") {
  console.error(`pod ${pod.metadata?.name ?? "(unnamed)"} has no VM: nothing in its annotations names one`);
  process.exitCode = 1;
} else {
  const state = vmID === "" ? "not started yet" : `id ${vmID}, address ${ip === "" ? "unknown" : ip}`;
  console.log(`${vmName}  ${image}  ${state}`);
}
