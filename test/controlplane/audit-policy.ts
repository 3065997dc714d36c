/**
 * Whose requests the audit log holds: those of service accounts, but for Kubernetes' own. That is what tells which of its
 * rights a program uses, and which it lacks.
 */
export const auditPolicy = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  rules: [
    { level: "None", userGroups: ["system:serviceaccounts:kube-system"] },
    { level: "Metadata", userGroups: ["system:serviceaccounts"] },
  ],
};
