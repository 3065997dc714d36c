import { BlockList, isIP, isIPv6 } from "node:net";

/** Which cluster somebody is about to change. */
export interface Place {
  /** Base URL of the API server. */
  readonly server: string;
  /** Name of the kubeconfig's context, where there is one. */
  readonly context: string | undefined;
}

/**
 * Contexts of tools that give the API server in their virtual machine another name than this machine's, with that name or
 * address. kind, k3d and Colima publish a port on this machine.
 */
const virtualMachines: readonly (readonly [context: RegExp, isOwn: (host: string) => boolean])[] = [
  [
    /^(?:docker-desktop|docker-for-desktop|rancher-desktop)$/,
    (host) => host === "kubernetes.docker.internal",
  ],
  [/^orbstack$/, (host) => host.endsWith(".orb.local")],
  [/^minikube$/, (host) => isIP(host) !== 0 && isIn(minikubeRange, host)],
];

/**
 * Whether a cluster is surely one's own, so that nobody else has to be thought of: its API server is on this machine, or
 * context and server are called as such a tool calls them. Neither is enough alone: anybody can call a cluster
 * `kind-of-production`, and a private address may be that of a data centre.
 */
export function isLocal({ server, context = "" }: Place): boolean {
  const host = hostOf(server);
  return isThisMachine(host) || virtualMachines.some(([name, isOwn]) => name.test(context) && isOwn(host));
}

/** Whether a host name or an IP address means the machine that it is used on. */
export function isThisMachine(host: string): boolean {
  return isIP(host) === 0 ? /^(?:.+\.)?localhost$/.test(host) : isIn(thisMachine, host);
}

/** The host of a URL, an IPv6 address without its brackets. */
const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[(.*)\]$/, "$1");

/** Loopback, and the address that a server on every interface is given by. */
const thisMachine = new BlockList();
thisMachine.addSubnet("127.0.0.0", 8, "ipv4");
thisMachine.addAddress("0.0.0.0", "ipv4");
thisMachine.addAddress("::1", "ipv6");
thisMachine.addAddress("::", "ipv6");

/** Where all of minikube's drivers put their machines. */
const minikubeRange = new BlockList();
minikubeRange.addSubnet("192.168.0.0", 16, "ipv4");

const isIn = (list: BlockList, address: string): boolean =>
  list.check(address, isIPv6(address) ? "ipv6" : "ipv4");
