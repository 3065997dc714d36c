import { readFile } from "node:fs/promises";
import path from "node:path";
import { type Grant, grant } from "./grants.js";

/** One answered request, as far as tests look at it. */
interface AuditEvent {
  /** `ResponseComplete`; for watches, also `ResponseStarted`. */
  readonly stage: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string };
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code: number };
  readonly requestReceivedTimestamp: string;
}

/** What a user did, by the control plane's audit log. */
export interface Activity {
  /** Requests that the user had no right to, each once. */
  readonly forbidden: readonly string[];
  /** Whether the user did what the grant allows, at least once and with success. */
  readonly exercised: (grant: Grant) => boolean;
}

/** What a user does from some moment on. */
export interface ActivityLog {
  /** What it did so far. */
  read(): Promise<Activity>;
}

/** Begins to look at what a user does. */
export async function watchActivity(plane: { readonly folder: string }, user: string): Promise<ActivityLog> {
  const file = path.join(plane.folder, "audit.log");
  const past = (await readFile(file)).length;
  return {
    read: async () => activityOf((await readFile(file)).subarray(past).toString(), user),
  };
}

/** A write that succeeded. */
export interface Write {
  readonly verb: string;
  /** Such as `pods/demo-0`, or `cocoonsets/demo/status`. */
  readonly on: string;
}

const reads = new Set(["get", "list", "watch"]);

/** Begins to look at what a user writes in a namespace. Gives what it wrote so far, in order. */
export async function watchWrites(
  plane: { readonly folder: string },
  user: string,
  ns: string,
): Promise<() => Promise<readonly Write[]>> {
  const file = path.join(plane.folder, "audit.log");
  const past = (await readFile(file)).length;
  return async () =>
    eventsIn((await readFile(file)).subarray(past).toString(), user)
      .filter(({ objectRef, verb }) => objectRef?.namespace === ns && !reads.has(verb))
      .filter((event) => codeOf(event) < 300)
      .map(({ verb, objectRef: { resource = "", name = "", subresource } = {} }) => ({
        verb,
        on: [resource, name, ...(subresource === undefined ? [] : [subresource])].join("/"),
      }));
}

/**
 * Begins to look at who writes, or tries to. Gives these users in the order in which they wrote: one that goes on after another did is
 * in it again. Leases, for which they compete, and events, which may be late, do not count.
 */
export async function watchWriters(
  plane: { readonly folder: string },
  users: readonly string[],
): Promise<() => Promise<readonly string[]>> {
  const file = path.join(plane.folder, "audit.log");
  const past = (await readFile(file)).length;
  return async () => {
    const log = (await readFile(file)).subarray(past).toString();
    const writers = users
      .flatMap((user) => eventsIn(log, user))
      .filter(({ verb, objectRef }) => !reads.has(verb) && !beside.has(objectRef?.resource ?? ""))
      .sort((a, b) => (a.requestReceivedTimestamp < b.requestReceivedTimestamp ? -1 : 1))
      .map(({ user: { username } }) => username);
    return writers.filter((user, index) => user !== writers[index - 1]);
  };
}

const beside = new Set(["leases", "events"]);

/** A request, whatever it came to. */
export interface AskedRequest {
  readonly verb: string;
  /** Such as `pods`, or `cocoonsets/status`. */
  readonly resource: string;
  /** Undefined for one of all namespaces. */
  readonly namespace: string | undefined;
}

/** Begins to look at what a user asks of the API server. Gives what has been answered so far, in order. */
export async function watchRequests(
  plane: { readonly folder: string },
  user: string,
): Promise<() => Promise<readonly AskedRequest[]>> {
  const file = path.join(plane.folder, "audit.log");
  const past = (await readFile(file)).length;
  return async () =>
    eventsIn((await readFile(file)).subarray(past).toString(), user)
      .filter(({ stage }) => stage === "ResponseComplete")
      .map(({ verb, objectRef: { resource = "", subresource, namespace } = {} }) => ({
        verb,
        resource: [resource, ...(subresource === undefined ? [] : [subresource])].join("/"),
        namespace,
      }));
}

function activityOf(log: string, user: string): Activity {
  const events = eventsIn(log, user);
  const used = new Set(events.filter((event) => codeOf(event) < 300).flatMap(grantsUsedBy));
  const forbidden = events
    .filter((event) => codeOf(event) === 403)
    .map(({ verb, requestURI }) => `${verb} ${requestURI}`);
  return { forbidden: [...new Set(forbidden)], exercised: (one) => used.has(one) };
}

/** What a user did, by the complete lines of a log. */
const eventsIn = (log: string, user: string): readonly AuditEvent[] =>
  log
    .slice(0, log.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as AuditEvent)
    .filter(({ user: { username } }) => username === user);

const codeOf = ({ responseStatus }: AuditEvent): number => responseStatus?.code ?? 0;

/** Every grant that would allow the request: by name or for all, in its namespace or in all. */
function grantsUsedBy(event: AuditEvent): Grant[] {
  if (event.objectRef === undefined) return [];
  const { apiGroup: group = "", namespace, name, subresource } = event.objectRef;
  const resource = [event.objectRef.resource, ...(subresource === undefined ? [] : [subresource])].join("/");
  // An apply that creates the object needs both rights, and the log holds one event for it.
  const verbs = event.verb === "patch" && codeOf(event) === 201 ? ["patch", "create"] : [event.verb];
  return verbs.flatMap((verb) =>
    [undefined, namespace].flatMap((scope) =>
      ["*", ...(name === undefined ? [] : [name])].map((one) =>
        grant({ verb, group, resource, namespace: scope, name: one }),
      ),
    ),
  );
}
