import { type ClusterConnection, connect, type ConnectOptions, loadConfig } from "@cocoonstack/common/k8s";
import type { ControlPlane, KnownIdentity } from "../controlplane/index.js";

/** A connection to the API server of a control plane, as our programs have one; whoever asks for it closes it. */
export const connectTo = async (
  plane: ControlPlane,
  as: KnownIdentity = "admin",
  options: ConnectOptions = {},
): Promise<ClusterConnection> =>
  connect(await loadConfig({ env: { KUBECONFIG: plane.kubeconfig(as) } }), options);
