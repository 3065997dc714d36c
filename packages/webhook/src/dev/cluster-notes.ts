import type { ClusterConnection } from "@cocoonstack/common/k8s";
import { apiGroup, apiVersionName } from "@cocoonstack/common/meta";
import { webhookName } from "../registration/index.js";

/** What somebody should know of a cluster before they wonder what they see; a sentence each. */
export async function clusterNotes(
  connection: Pick<ClusterConnection, "getJson">,
): Promise<readonly string[]> {
  const statusOf = async (path: string): Promise<number> => (await connection.getJson(path)).status;
  const [crds, installed] = await Promise.all([
    statusOf(`/apis/${apiGroup}/${apiVersionName}`),
    statusOf(`/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/${webhookName}`),
  ]);
  return [
    ...(crds === 404
      ? [
          "CocoonSets and CocoonHibernations are not installed here: pods and workloads are decided on, and those as soon as " +
            "there are any ('kubectl apply --server-side -k config/crd')",
        ]
      : []),
    ...(installed === 200
      ? [`${webhookName} is installed here and decides as well: what it refuses first is not shown below`]
      : []),
  ];
}
