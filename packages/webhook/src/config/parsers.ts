import { durationBetween, mustBe, parsed, type Parsed } from "@cocoonstack/program/settings";

/** A file that may be absent; an empty name is refused, because it could mean that there is nothing to check. */
export const optionalFile = (file: string | undefined): Parsed<string | undefined> =>
  file?.trim() === "" ? mustBe("name a file, or be unset") : parsed(file);

/** The life of a certificate, in whole milliseconds; Go has no unit above the hour. */
export const lifetimeMs = durationBetween(
  10_000,
  876_000 * 3_600_000,
  "from 10s to 876000h (100 years), such as 2160h",
);

/** A Secret, as `namespace/name`. */
export function secretRef(value: string | undefined): Parsed<SecretRef | undefined> {
  if (value === undefined) return parsed(undefined);
  const [, namespace, name] = /^([a-z0-9][a-z0-9-]{0,62})\/([a-z0-9][a-z0-9.-]{0,252})$/.exec(value) ?? [];
  return namespace === undefined || name === undefined
    ? mustBe("name a Secret by its namespace and name, such as cocoon-system/cocoon-webhook-tls")
    : parsed({ namespace, name });
}

/** Where a Secret is. */
export interface SecretRef {
  readonly namespace: string;
  readonly name: string;
}

/** A host name or an IPv4 address. */
const hostName = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/;
const ipv6 = /^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$/;

/** Host names and IP addresses, separated by commas. */
export function hostNames(value: string | undefined): Parsed<readonly string[] | undefined> {
  if (value === undefined) return parsed(undefined);
  const names = value.split(",").map((name) => name.trim());
  return names.every((name) => hostName.test(name) || ipv6.test(name))
    ? parsed(names)
    : mustBe("list host names or IP addresses, such as cocoon-webhook.cocoon-system.svc");
}

/** User names, separated by commas and trimmed; an empty list is refused, because it would refuse every pod. */
export const userNames = listOfNames(
  "name at least one user, such as system:serviceaccount:cocoon-system:cocoon-operator, or be unset",
);

/** Common names, separated by commas and trimmed; an empty list is refused, because it would refuse every client. */
export const commonNames = listOfNames("name at least one common name, such as kube-apiserver, or be unset");

function listOfNames(must: string): (value: string | undefined) => Parsed<ReadonlySet<string> | undefined> {
  return (value) => {
    if (value === undefined) return parsed(undefined);
    const names = value
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "");
    return names.length === 0 ? mustBe(must) : parsed(new Set(names));
  };
}
