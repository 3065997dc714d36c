import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { ControlPlane } from "../controlplane/index.js";
import { until } from "./eventually.js";
import { must } from "./registered-webhook.js";

const repository = path.resolve(import.meta.dirname, "../..");
const group = "cocoonset.cocoonstack.io";

/** A resource that our CRDs define. */
export type CocoonResource = "cocoonsets" | "cocoonhibernations";

/** Installs both CRDs as they are shipped, over whatever was there. */
export async function installCrds(plane: ControlPlane): Promise<void> {
  const folder = path.join(repository, "config/crd");
  await must(plane.kubectl(["apply", "--server-side", "--force-conflicts", "-k", folder]));
  await established(plane, "cocoonsets", "cocoonhibernations");
}

/** Adds a text to the spec of a CRD that is installed, as a version that is newer than this one may have it. */
export async function addCrdField(
  plane: ControlPlane,
  resource: CocoonResource,
  field: string,
): Promise<void> {
  const path = `/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/${field}`;
  const patch = JSON.stringify([{ op: "add", path, value: { type: "string" } }]);
  await must(plane.kubectl(["patch", "crd", `${resource}.${group}`, "--type=json", "-p", patch]));
  await until(
    `the API server does not know the field ${field}`,
    () => plane.kubectl(["explain", `${resource}.spec.${field}`]),
    ({ code }) => code === 0,
  );
}

/** Installs a CRD without what an API server would refuse by itself, so that everything reaches the webhook. */
export async function installPermissiveCrd(plane: ControlPlane, resource: CocoonResource): Promise<void> {
  const file = path.join(repository, `packages/common/crds/${group}_${resource}.yaml`);
  const stdin = JSON.stringify(permissive(parse(readFileSync(file, "utf8"))));
  await must(plane.kubectl(["apply", "--server-side", "--force-conflicts", "-f", "-"], { stdin }));
  await established(plane, resource);
}

const established = (plane: ControlPlane, ...resources: CocoonResource[]): Promise<string> =>
  must(
    plane.kubectl([
      "wait",
      "--for=condition=Established",
      ...resources.map((resource) => `crd/${resource}.${group}`),
    ]),
  );

const rules = [
  "required",
  "enum",
  "pattern",
  "minimum",
  "maximum",
  "minLength",
  "maxLength",
  "maxItems",
  "x-kubernetes-validations",
  "x-kubernetes-list-type",
  "x-kubernetes-list-map-keys",
];

function permissive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(permissive);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !rules.includes(key))
      .map(([key, member]) => [key, permissive(member)]),
  );
}
