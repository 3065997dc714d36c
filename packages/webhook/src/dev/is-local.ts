import { BlockList, isIP, isIPv6 } from "node:net";

/** Which cluster somebody is about to change. */
export interface Place {
  /** Base URL of the API server. */
  readonly server: string;
  /** Name of the kubeconfig's context, where there is one. */
  readonly context: string | undefined;
}

/** Contexts as the tools that run a cluster on one's own machine name them. */
const localContexts =
  /^(?:kind-.+|k3d-.+|minikube|docker-desktop|docker-for-desktop|rancher-desktop|colima(?:-.+)?|orbstack)$/;

/**
 * Whether a cluster is surely one's own, so that nobody else has to be thought of: its API server is on this machine, or
 * it bears the name that such a tool gives and is reached by an address that leads no further than a virtual machine here.
 * The name alone is not enough: anybody can call a cluster `kind-of-production`.
 */
export function isLocal({ server, context = "" }: Place): boolean {
  const host = hostOf(server);
  return isThisMachine(host) || (localContexts.test(context) && isNear(host));
}

/** Whether a host name or an IP address means the machine that it is used on. */
export function isThisMachine(host: string): boolean {
  return isIP(host) === 0 ? /^(?:.+\.)?localhost$/.test(host) : isIn(thisMachine, host);
}

/** The host of a URL, an IPv6 address without its brackets. */
const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[(.*)\]$/, "$1");

const isNear = (host: string): boolean =>
  isIP(host) === 0 ? /\.(?:internal|local)$/.test(host) : isIn(privateRanges, host);

/** Loopback, and the address that a server on every interface is given by. */
const thisMachine = new BlockList();
thisMachine.addSubnet("127.0.0.0", 8, "ipv4");
thisMachine.addAddress("0.0.0.0", "ipv4");
thisMachine.addAddress("::1", "ipv6");
thisMachine.addAddress("::", "ipv6");

/** RFC 1918 and RFC 4193. */
const privateRanges = new BlockList();
privateRanges.addSubnet("10.0.0.0", 8, "ipv4");
privateRanges.addSubnet("172.16.0.0", 12, "ipv4");
privateRanges.addSubnet("192.168.0.0", 16, "ipv4");
privateRanges.addSubnet("fc00::", 7, "ipv6");

const isIn = (list: BlockList, address: string): boolean =>
  list.check(address, isIPv6(address) ? "ipv6" : "ipv4");
