import type { AdmissionRequest } from "@cocoonstack/common/k8s/admission";
import { endpointsOf } from "../admission/index.js";
import type { Decision } from "../policy/index.js";
import { type Entry, mutating, validating } from "../registration/index.js";

const noDeadline = { receivedAtMs: 0, timeoutMs: undefined };

/**
 * What the webhook says of a request: the endpoints that are registered for it are asked, as an API server would.
 *
 * @param hibernations those that exist in the namespace
 */
export function decisionsOn(
  request: AdmissionRequest,
  hibernations: readonly unknown[],
): Promise<readonly Decision[]> {
  const endpoints = endpointsOf({
    podCreators: undefined,
    // Only a request to /scale asks for it, and no manifest is one.
    parents: { read: () => Promise.resolve({ result: "no-cluster" }) },
    hibernations: { list: () => Promise.resolve({ result: "listed", items: hibernations }) },
  });
  const paths = pathsFor(request);
  return Promise.all(
    endpoints
      .filter(({ path }) => paths.includes(path))
      .map(async ({ decide }) => await decide(request, noDeadline)),
  );
}

/** The paths that an API server calls about a request; a path may be there twice. */
export const pathsFor = (request: AdmissionRequest): readonly string[] =>
  [...mutating, ...validating].filter((entry) => asks(entry, request)).map(({ path }) => path);

const asks = (entry: Entry, { resource, operation, namespace }: AdmissionRequest): boolean =>
  entry.exceptNamespaces?.includes(namespace) !== true &&
  entry.rules.some(
    ({ group, resources, operations }) =>
      group === resource.group &&
      resources.includes(resource.resource) &&
      operations.some((candidate) => candidate === operation),
  );
