import { formatListenAddress, type ListenAddress } from "@cocoonstack/common/httpx";

/** What the banner tells. */
export interface BannerFacts {
  readonly version: string;
  readonly admission: ListenAddress;
  readonly metrics: ListenAddress;
}

/** A pod that asks for a VM without a CocoonSet, as an API server would send it. */
const strayPod = {
  apiVersion: "admission.k8s.io/v1",
  kind: "AdmissionReview",
  request: {
    uid: "try-me",
    kind: { group: "", version: "v1", kind: "Pod" },
    namespace: "default",
    operation: "CREATE",
    object: {
      metadata: { name: "stray" },
      spec: { tolerations: [{ key: "virtual-kubelet.io/provider" }] },
    },
  },
};

/** What somebody who has just started the webhook by hand can try next. */
export function banner({ version, admission, metrics }: BannerFacts): string {
  const base = `https://${reachable(admission)}`;
  return `
  cocoon-webhook ${version} is listening on ${base}
  Standalone: no cluster, and a certificate made for this run. What only a cluster can tell is refused: a
  scale-down through /scale, for one, because it does not say whether the pods are VMs.

  See it refuse a pod. Paste this into another terminal:

    curl -sk ${base}/mutate -H 'Content-Type: application/json' -d '${JSON.stringify(strayPod)}'

  See how it is      curl -sk '${base}/readyz?verbose'
  See what it did    curl -s http://${reachable(metrics)}/metrics | grep ^cocoon
  See a real API server ask it   npm run demo
  Stop it            Ctrl-C

`;
}

/** The address as somebody on this machine types it: a server on every interface is at localhost. */
function reachable({ host, port }: ListenAddress): string {
  return formatListenAddress({ host: host ?? "localhost", port });
}
