import { isObject } from "../internal/index.js";
import path from "node:path";
import { ConfigError } from "./config-error.js";
import { execPlugin } from "./exec-plugin.js";
import { bearerToken, clientCertificate, fixedHeaders, type Identity } from "./identity.js";
import { dataOrFile, pathAt, type Entry } from "./kubeconfig-file.js";
import { recordsAt, textAt, textsAt, type UnknownRecord } from "./record.js";
import { fileText, fixedText } from "./text-source.js";

/**
 * How the `user` of a kubeconfig says who it is.
 *
 * @throws {ConfigError} for what cannot be done, rather than to appear as somebody else.
 */
export function identitiesOf(user: Entry, cluster: Entry, reloadIntervalMs: number): readonly Identity[] {
  const { fields } = user;
  const identities: Identity[] = [];
  const impersonation = impersonationOf(user);
  if (impersonation !== undefined) identities.push(fixedHeaders(impersonation));
  const cert = dataOrFile(user, "client-certificate", reloadIntervalMs);
  const key = dataOrFile(user, "client-key", reloadIntervalMs);
  if (cert !== undefined && key !== undefined) identities.push(clientCertificate(cert, key));
  const header = headerIdentity(user, cluster, reloadIntervalMs);
  if (header !== undefined) identities.push(header);
  if ((cert === undefined) !== (key === undefined)) {
    throw new ConfigError(
      `${user.file}: a client certificate needs client-certificate and client-key, both or neither`,
    );
  }
  if (textAt(fields, "username") !== undefined && header === undefined) {
    identities.push(fixedHeaders({ authorization: basic(user) }));
  }
  return identities;
}

/** The one identity that fills the Authorization header, in the order of precedence that kubectl has. */
function headerIdentity(user: Entry, cluster: Entry, reloadIntervalMs: number): Identity | undefined {
  const { fields } = user;
  const tokenFile = pathAt(user, "tokenFile");
  if (tokenFile !== undefined) return bearerToken(fileText(tokenFile, reloadIntervalMs));
  const token = textAt(fields, "token");
  if (token !== undefined) return bearerToken(fixedText(token));
  if (isObject(fields["exec"])) {
    return execPlugin(fields["exec"], () => pluginClusterInfo(cluster), path.dirname(user.file));
  }
  if (isObject(fields["auth-provider"])) {
    throw new ConfigError(
      `${user.file}: auth-provider is not supported: use an exec plugin in its place (for OIDC, kubelogin)`,
    );
  }
  return undefined;
}

/** The `spec.cluster` of an ExecCredential: like the kubeconfig's, but with the CA's bytes in place of its file. */
async function pluginClusterInfo(cluster: Entry): Promise<UnknownRecord> {
  const { fields } = cluster;
  const ca = await dataOrFile(cluster, "certificate-authority", 0)?.read();
  const extension = recordsAt(fields, "extensions").find(
    (item) => item["name"] === "client.authentication.k8s.io/exec",
  );
  return {
    server: fields["server"],
    "tls-server-name": fields["tls-server-name"],
    "insecure-skip-tls-verify": fields["insecure-skip-tls-verify"],
    ...(ca !== undefined && { "certificate-authority-data": Buffer.from(ca).toString("base64") }),
    ...(extension !== undefined && { config: extension["extension"] }),
  };
}

function basic({ fields }: Entry): string {
  const text = `${textAt(fields, "username") ?? ""}:${textAt(fields, "password") ?? ""}`;
  return `Basic ${Buffer.from(text).toString("base64")}`;
}

function impersonationOf({ file, fields }: Entry): Record<string, string> | undefined {
  const user = textAt(fields, "as");
  // Silently dropping groups would change who the server thinks we are; several values need repeated headers.
  if (textsAt(fields, "as-groups").length > 0 || isObject(fields["as-user-extra"])) {
    throw new ConfigError(
      `${file}: as-groups and as-user-extra are not supported: impersonate by user name only`,
    );
  }
  return user === undefined ? undefined : { "impersonate-user": user };
}
