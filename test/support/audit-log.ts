import { readFile } from "node:fs/promises";
import path from "node:path";
import type { ControlPlaneParts } from "../controlplane/index.js";
import { type Grant, grant } from "./grants.js";

/** A control plane that keeps an audit log. */
type Plane = Pick<ControlPlaneParts, "folder">;

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
  /** When it was answered. */
  readonly stageTimestamp: string;
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
export async function watchActivity(plane: Plane, user: string): Promise<ActivityLog> {
  const log = await logFromNowOn(plane);
  return { read: async () => activityOf(await log(), user) };
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
  plane: Plane,
  user: string,
  ns: string,
): Promise<() => Promise<readonly Write[]>> {
  const events = await eventsFromNowOn(plane, user, ns);
  return async () =>
    (await events())
      .filter((event) => !reads.has(event.verb) && codeOf(event) < 300)
      .map((event) => ({ verb: event.verb, on: thingOf(event) }));
}

/** The same for the single objects that it reads, such as `pods/demo-0`, also those that are not there. */
export async function watchGets(
  plane: Plane,
  user: string,
  ns: string,
): Promise<() => Promise<readonly string[]>> {
  const events = await eventsFromNowOn(plane, user, ns);
  return async () => (await events()).filter(({ verb }) => verb === "get").map(thingOf);
}

/** How long a request was under way, in milliseconds since 1970. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The same for the objects of a resource, such as `pods`, that it creates: how long each creation took. */
export async function watchCreations(
  plane: Plane,
  user: string,
  ns: string,
  resource: string,
): Promise<() => Promise<readonly Span[]>> {
  const events = await eventsFromNowOn(plane, user, ns);
  return async () =>
    (await events())
      .filter((event) => event.verb === "create" && thingOf(event).startsWith(`${resource}/`))
      .filter((event) => codeOf(event) < 300)
      .map(({ requestReceivedTimestamp, stageTimestamp }) => ({
        fromMs: Date.parse(requestReceivedTimestamp),
        toMs: Date.parse(stageTimestamp),
      }));
}

/** How many were under way at the same time, at most. */
export function mostAtOnce(spans: readonly Span[]): number {
  const changes = spans.flatMap(({ fromMs, toMs }) => [
    { atMs: fromMs, by: 1 },
    { atMs: toMs, by: -1 },
  ]);
  // Of the same millisecond, ends come first.
  changes.sort((a, b) => a.atMs - b.atMs || a.by - b.by);
  let [now, most] = [0, 0];
  for (const { by } of changes) most = Math.max(most, (now += by));
  return most;
}

async function eventsFromNowOn(
  plane: Plane,
  user: string,
  ns: string,
): Promise<() => Promise<readonly AuditEvent[]>> {
  const log = await logFromNowOn(plane);
  return async () => eventsIn(await log(), user).filter(({ objectRef }) => objectRef?.namespace === ns);
}

/** Gives what has been written since, whole lines or not. */
async function logFromNowOn({ folder }: Plane): Promise<() => Promise<string>> {
  const file = path.join(folder, "audit.log");
  const past = (await readFile(file)).length;
  return async () => (await readFile(file)).subarray(past).toString();
}

const thingOf = ({ objectRef }: AuditEvent): string =>
  [objectRef?.resource, objectRef?.name ?? "", objectRef?.subresource]
    .filter((part) => part !== undefined)
    .join("/");

/**
 * Begins to look at who writes, or tries to. Gives these users in the order in which they wrote: one that goes on after another did is
 * in it again. Leases, for which they compete, and events, which may be late, do not count.
 */
export async function watchWriters(
  plane: Plane,
  users: readonly string[],
): Promise<() => Promise<readonly string[]>> {
  const log = await logFromNowOn(plane);
  return async () => {
    const text = await log();
    const writers = users
      .flatMap((user) => eventsIn(text, user))
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
  plane: Plane,
  user: string,
): Promise<() => Promise<readonly AskedRequest[]>> {
  const log = await logFromNowOn(plane);
  return async () =>
    eventsIn(await log(), user)
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
