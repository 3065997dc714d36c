import { randomBytes } from "node:crypto";

/** Somebody the API server knows by a token. */
export interface Identity {
  readonly user: string;
  /** `system:authenticated` comes by itself. */
  readonly groups: readonly string[];
}

/** The identity of a service account, as a token that Kubernetes issues would carry it. */
export function serviceAccount(namespace: string, name: string): Identity {
  return {
    user: `system:serviceaccount:${namespace}:${name}`,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`],
  };
}

/** Who exists on every control plane. No RBAC binding is made for anybody; what they may do comes from Kubernetes' own. */
export const identities = {
  /** May do everything. */
  admin: { user: "admin", groups: ["system:masters"] },
  /** An ordinary user, who may do nothing until a test binds a role. */
  alice: { user: "alice", groups: ["developers"] },
  operator: serviceAccount("cocoon-system", "cocoon-operator"),
  webhook: serviceAccount("cocoon-system", "cocoon-webhook"),
  /** What the controller manager runs as; Kubernetes has a role for this user. */
  controllerManager: { user: "system:kube-controller-manager", groups: [] },
} as const satisfies Record<string, Identity>;

/** The name of an identity that every control plane has. */
export type KnownIdentity = keyof typeof identities;

/** An identity with its secret. */
export interface Credential extends Identity {
  readonly token: string;
}

/** Gives each identity a random token. */
export function issueTokens<Name extends string>(
  table: Readonly<Record<Name, Identity>>,
): Record<Name, Credential> {
  const entries = Object.entries<Identity>(table);
  return Object.fromEntries(
    entries.map(([name, identity]) => [name, { ...identity, token: randomBytes(24).toString("base64url") }]),
  ) as Record<Name, Credential>;
}

/**
 * The file for kube-apiserver's `--token-auth-file`: a line `token,user,uid,"group,group"` for each. A group cannot have a comma
 * in its name.
 */
export function tokensCsv(credentials: readonly Credential[]): string {
  const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;
  return credentials
    .map(({ token, user, groups }) => {
      // An empty last column would be a group without a name.
      const columns = [token, user, user, ...(groups.length > 0 ? [groups.join(",")] : [])];
      return columns.map(quoted).join(",") + "\n";
    })
    .join("");
}
