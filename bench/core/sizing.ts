import { figure } from "./format.js";
import type { Table } from "./section.js";

/** What a busy cluster asks: 5,000 nodes are the most that Kubernetes is tested with, and 500 pods a second more than it can start. */
const load: readonly { readonly what: string; readonly request: string; readonly perSecond: number }[] = [
  { what: "500 pods, all of them VMs", request: "cocoon pod", perSecond: 500 },
  { what: "125 CocoonSets, of four pods each", request: "CocoonSet, small", perSecond: 125 },
  { what: "100 updates of workloads", request: "Deployment update, 7 kB", perSecond: 100 },
];

/**
 * The arithmetic for a cluster of 5,000 nodes that starts 500 pods a second, from the CPU time of single requests. Ordinary pods are
 * kept away by `matchConditions`; the row about them says what it would be without.
 *
 * @param cpuUs CPU time of a request by its case, in microseconds; undefined where it was not measured
 * @param peakRssMb what a process takes at most
 */
export function sizingTable(
  cpuUs: (request: string) => number | undefined,
  peakRssMb: number | undefined,
): Table | undefined {
  const rows = load.map(({ what, request, perSecond }) => ({ what, perSecond, us: cpuUs(request) }));
  if (rows.some(({ us }) => us === undefined)) return undefined;
  const coresOf = (perSecond: number, us = 0): number => (perSecond * us) / 1e6;
  const cores = rows.reduce((sum, { perSecond, us }) => sum + coresOf(perSecond, us), 0);
  // A core half used leaves room for what comes in bursts.
  const replicas = Math.max(2, Math.ceil(cores / 0.5) + 1);
  const ordinary = cpuUs("ordinary pod, 2.7 kB");
  return {
    title: "The arithmetic for 5,000 nodes and 500 new pods a second",
    columns: ["a second", "CPU µs each", "cores"],
    rows: [
      ...rows.map(({ what, perSecond, us }) => [what, figure(us), figure(coresOf(perSecond, us))]),
      ["500 ordinary pods: no call", "–", figure(0)],
      ["the same, were it not for matchConditions", figure(ordinary), figure(coresOf(500, ordinary))],
      ["together", "", figure(cores)],
      [
        `replicas, at half a core each and one to spare`,
        `${figure(peakRssMb)} MB each`,
        replicas.toLocaleString("en"),
      ],
    ],
  };
}
