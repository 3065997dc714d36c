/** What the machine that runs a cluster is called in there, by the tool that the context's name tells of. */
const hostsByContext: readonly (readonly [RegExp, string])[] = [
  [/^minikube$/, "minikube's name for this machine is host.minikube.internal"],
  [/^k3d-/, "k3d's name for this machine is host.k3d.internal"],
  [
    /^kind-/,
    "in kind it is host.docker.internal with Docker Desktop, and on Linux the gateway that 'docker network inspect kind' shows",
  ],
  [
    /^(?:docker-desktop|docker-for-desktop|rancher-desktop|colima.*|orbstack)$/,
    "this machine is host.docker.internal in there",
  ],
];

/**
 * What to do where API servers do not reach this machine.
 *
 * @param context name of the kubeconfig's context, where there is one
 * @param address an address of this machine that is not loopback, where it has one
 */
export function hostHint(context: string | undefined, address: string | undefined): string {
  const known = hostsByContext.find(([pattern]) => pattern.test(context ?? ""))?.[1];
  const own = address === undefined ? undefined : `an address of this machine is ${address}`;
  const candidates = [known, own].filter((text) => text !== undefined).join("; ");
  return (
    `say by --host what API servers call this machine${candidates === "" ? "" : ` (${candidates})`}, ` +
    "and let them through the firewall to the port that --port fixes"
  );
}
