import { isRepository } from "../protocol/index.js";

/** Where a registry is, and what stands in front of the names of repositories. */
export interface RegistryUrl {
  /** Without a slash at the end: `https://registry.example.com:5000`. */
  readonly url: string;
  /** Such as `team/vms`, or empty. */
  readonly prefix: string;
}

/** A place that was understood, or what the variable must be: the rest of a sentence that begins with its name. */
export type RegistryUrlResult =
  ({ readonly ok: true } & RegistryUrl) | { readonly ok: false; readonly must: string };

const mustBe = (must: string): RegistryUrlResult => ({ ok: false, must });

/**
 * Reads `HOST[:PORT][/PREFIX]`. Without a scheme it is https, and http for this machine (`localhost`, `127.0.0.1`, `[::1]`),
 * as Docker has it; plain http to anywhere else has to be asked for by `http://`.
 *
 * @example
 * ```ts
 * registryUrl("registry.example.com/vms"); // { ok: true, url: "https://registry.example.com", prefix: "vms" }
 * ```
 */
export function registryUrl(text: string): RegistryUrlResult {
  const url = parsed(text);
  if (url === undefined || !/^https?:$/.test(url.protocol)) return mustBe("be HOST[:PORT][/PREFIX]");
  if (url.username !== "" || url.password !== "") {
    return mustBe("hold no user and no password: credentials belong into a Docker config.json");
  }
  if (url.search !== "" || url.hash !== "") return mustBe("end with the prefix, without '?' and '#'");
  const prefix = url.pathname.replaceAll(/^\/|\/$/g, "");
  if (prefix !== "" && !isRepository(prefix)) {
    return mustBe("have a prefix of lower-case letters, digits and single . _ - / between them, and no tag");
  }
  return { ok: true, url: url.origin, prefix };
}

/** The same for a whole URL whose path stands before `/v2/`, as the reference's `EPOCH_URL` has it. */
export function baseUrl(text: string): RegistryUrlResult {
  const url = /^https?:\/\//i.test(text) ? parsed(text) : undefined;
  if (url === undefined) return mustBe("be a URL that begins with http:// or https://");
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    return mustBe("be a URL without user, password, '?' and '#'");
  }
  return { ok: true, url: url.origin + url.pathname.replace(/\/+$/, ""), prefix: "" };
}

/** Whether a host is this machine itself, which no certificate is needed for. */
const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);

function parsed(text: string): URL | undefined {
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const whole = hasScheme ? text : `https://${text}`;
  if (!URL.canParse(whole)) return undefined;
  const url = new URL(whole);
  return hasScheme || !isLoopback(url.hostname) ? url : new URL(`http://${text}`);
}
