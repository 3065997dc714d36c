import type { ClientTls, ClusterConfig, Credentials } from "./cluster-config.js";
import type { Identity, IdentityParts } from "./identity.js";
import type { TextSource } from "./text-source.js";

/** What {@link assembleConfig} makes a configuration of. */
export interface ConfigParts extends Pick<
  ClusterConfig,
  "server" | "source" | "context" | "namespace" | "verify"
> {
  readonly ca: TextSource | undefined;
  readonly identities: readonly Identity[];
}

/** A {@link ClusterConfig} whose credentials come from `ca` and `identities`, a later one over an earlier one. */
export function assembleConfig({ ca, identities, ...rest }: ConfigParts): ClusterConfig {
  let last: Credentials | undefined;
  return {
    ...rest,
    async credentials() {
      const parts = await Promise.all(identities.map((identity) => identity.current()));
      const fresh = join(await ca?.read(), parts);
      return (last = last !== undefined && sameCredentials(last, fresh) ? last : fresh);
    },
    forget(refused) {
      // Of many requests that were refused at once, those that come after the renewal must not undo it.
      if (refused !== last) return;
      ca?.forget();
      for (const identity of identities) identity.forget();
    },
  };
}

function join(ca: string | undefined, parts: readonly IdentityParts[]): Credentials {
  const { cert, key } = parts.findLast((part) => part.cert !== undefined) ?? {};
  const headers: Record<string, string> = {};
  for (const part of parts) Object.assign(headers, part.headers);
  return { headers, tls: { ca, cert, key } };
}

function sameCredentials(a: Credentials, b: Credentials): boolean {
  const names = Object.keys(a.headers);
  return (
    sameTls(a.tls, b.tls) &&
    names.length === Object.keys(b.headers).length &&
    names.every((name) => a.headers[name] === b.headers[name])
  );
}

/** Whether a connection made with `a` is as good as one made with `b`. */
export function sameTls(a: ClientTls, b: ClientTls): boolean {
  return a.ca === b.ca && a.cert === b.cert && a.key === b.key;
}
