import { writeFile } from "node:fs/promises";
import path from "node:path";
import { apiClient, type ApiResponse } from "./api-client.js";
import type { Credential, KnownIdentity } from "./identities.js";
import { kubeconfigYaml } from "./kubeconfig.js";
import { runKubectl, type KubectlResult } from "./kubectl.js";

/** A running control plane. `Name` is the union of the names of all its identities. */
export interface ControlPlane<Name extends string = KnownIdentity> extends AsyncDisposable {
  /** The API server's address, `https://127.0.0.1:PORT`. */
  readonly url: string;
  /** The certificates to trust for that address, a PEM file. */
  readonly caFile: string;
  /** The temporary folder, which also holds the logs (`kube-apiserver.log`, …). */
  readonly folder: string;
  /** The bearer token of an identity. */
  token(identity: Name): string;
  /** The path of a kubeconfig file; its context is called `cocoon-test` and its namespace is `default`. */
  kubeconfig(identity: Name): string;
  /**
   * Runs kubectl to its end, as `admin` unless told otherwise. An exit code that is not 0 is a result like any other.
   *
   * @throws when kubectl could not be started, or took longer than two minutes.
   */
  kubectl(args: readonly string[], options?: KubectlOptions<Name>): Promise<KubectlResult>;
  /**
   * Calls the API, as `admin` unless told otherwise. A body that is a string goes out as it is, anything else as JSON.
   *
   * @throws when no answer arrives; every HTTP status is an answer.
   */
  request(method: string, path: string, body?: unknown, options?: RequestOptions<Name>): Promise<ApiResponse>;
  /**
   * Ends the API server and starts it again on the same port, with the same certificate and the same etcd. Resolves when it is ready.
   *
   * @throws when it does not become ready, or another process started this control plane.
   */
  restartApiServer(): Promise<void>;
  /** What another process needs to use this control plane too; plain data. See {@link attachControlPlane}. */
  readonly parts: ControlPlaneParts;
  /** Ends all processes and removes the folder. May be called more than once. */
  stop(): Promise<void>;
}

/** Options of {@link ControlPlane.kubectl}. */
export interface KubectlOptions<Name extends string> {
  /** @default "admin" */
  readonly as?: Name | "admin";
  /** What kubectl reads from its standard input, for `-f -`. */
  readonly stdin?: string;
  /** Further environment variables. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Options of {@link ControlPlane.request}. */
export interface RequestOptions<Name extends string> {
  /** @default "admin" */
  readonly as?: Name | "admin";
  /** The media type of the body, such as `application/merge-patch+json`. @default "application/json" */
  readonly contentType?: string;
}

/** How to reach a control plane that runs; plain data. */
export interface ControlPlaneParts {
  readonly folder: string;
  readonly url: string;
  readonly caFile: string;
  /** The content of `caFile`. */
  readonly ca: string;
  /** The executable. */
  readonly kubectl: string;
  readonly credentials: Credentials;
  /** Where etcd listens, without TLS. */
  readonly etcdUrl: string;
}

/** What a control plane is made of once it runs. */
export interface Parts extends ControlPlaneParts {
  /** Ends the processes and removes the folder. */
  readonly close: () => Promise<void>;
  readonly restartApiServer: () => Promise<void>;
}

/** Every identity of a control plane by its name. */
export type Credentials = Readonly<Record<string, Credential>>;

/** Where an identity's kubeconfig lies in a control plane's folder. */
export const kubeconfigFile = (folder: string, identity: string): string =>
  path.join(folder, `${identity}.kubeconfig`);

/** Writes a kubeconfig for each identity. */
export async function writeKubeconfigs({ folder, url, ca, credentials }: Parts): Promise<void> {
  await Promise.all(
    Object.entries(credentials).map(([identity, { token }]) =>
      writeFile(kubeconfigFile(folder, identity), kubeconfigYaml({ url, ca, token }), { mode: 0o600 }),
    ),
  );
}

/**
 * A control plane that another process started: everything but its end. Vitest starts one for all test files, each of
 * which runs in a process of its own.
 */
export const attachControlPlane = (parts: ControlPlaneParts): ControlPlane =>
  controlPlane({
    ...parts,
    close: () => Promise.resolve(),
    restartApiServer: () => Promise.reject(new Error("only the process that started it can restart it")),
  });

/** The handle that a test holds. */
export function controlPlane({ close, restartApiServer, ...parts }: Parts): ControlPlane<string> {
  const { folder, url, caFile, credentials } = parts;
  const client = apiClient(url, parts.ca);
  const credential = (identity: string): Credential => {
    const found = credentials[identity];
    if (found !== undefined) return found;
    throw new Error(
      `There is no identity '${identity}' on this control plane, only ${Object.keys(credentials).join(", ")}: ` +
        "name it in the option `identities`.",
    );
  };
  const stop = async (): Promise<void> => {
    client.close();
    await close();
  };

  return {
    url,
    caFile,
    folder,
    token: (identity) => credential(identity).token,
    kubeconfig: (identity) => kubeconfigFile(folder, identity),
    kubectl: (args, { as = "admin", ...rest } = {}) =>
      runKubectl({
        kubectl: parts.kubectl,
        args,
        kubeconfig: kubeconfigFile(folder, as),
        home: path.join(folder, "home"),
        ...rest,
      }),
    request: (method, path, body, { as = "admin", ...rest } = {}) =>
      client.call({ method, path, body, token: credential(as).token, ...rest }),
    restartApiServer,
    parts,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
