import { type Buffer, isUtf8 } from "node:buffer";
import { isObject } from "../../internal/index.js";
import { shapeFault } from "./body-shape.js";
import {
  type AdmissionRequest,
  admissionApiVersion,
  admissionKind,
  type GroupVersionKind,
  type GroupVersionResource,
  type Operation,
  type UserInfo,
} from "./types.js";

/**
 * A review that can be decided on, or one sentence about why it is none. The sentence never quotes the input.
 *
 * @example
 * ```ts
 * const decoded: Decoded = decodeReview(body);
 * const why = decoded.ok ? "" : decoded.message;
 * ```
 */
export type Decoded =
  | { readonly ok: true; readonly request: AdmissionRequest }
  | { readonly ok: false; readonly message: string };

/** Thrown and caught within this file: it unwinds from a field to the answer. */
class Malformed extends Error {}

/**
 * Reads an `admission.k8s.io/v1` AdmissionReview. As in Go, `null` counts as absent, absent strings are `""` and unknown
 * fields are ignored; a field of another JSON type, a missing `request`, or a `uid` that is empty or longer than 256
 * characters is a fault.
 *
 * @example
 * ```ts
 * const decoded = decodeReview(body);
 * if (decoded.ok) decide(decoded.request);
 * ```
 */
export function decodeReview(body: Buffer): Decoded {
  try {
    return { ok: true, request: readReview(parse(body)) };
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, message: error.message };
    throw error;
  }
}

type Json = Readonly<Record<string, unknown>>;

function parse(body: Buffer): unknown {
  // A lone invalid byte would otherwise turn into U+FFFD, and the webhook would judge another object than the one stored.
  if (!isUtf8(body)) throw new Malformed("the body is not valid UTF-8");
  const fault = shapeFault(body);
  if (fault !== undefined) throw new Malformed(`the body ${fault}`);
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new Malformed("the body is not valid JSON");
  }
}

function readReview(review: unknown): AdmissionRequest {
  if (!isObject(review)) throw new Malformed("the body is not a JSON object");
  if (review["apiVersion"] !== admissionApiVersion) {
    throw new Malformed(`apiVersion must be ${admissionApiVersion}`);
  }
  if (review["kind"] !== admissionKind) throw new Malformed(`kind must be ${admissionKind}`);
  const request = review["request"];
  if (!isObject(request)) throw new Malformed("request must be an object");
  return readRequest(request);
}

/** An API server's is a UUID of 36. It comes back in the answer, which must not grow with what a stranger sends. */
const maxUidLength = 256;

function readRequest(request: Json): AdmissionRequest {
  const uid = readString(request, "uid");
  if (uid === "") throw new Malformed("request.uid must not be empty");
  if (uid.length > maxUidLength) {
    throw new Malformed(`request.uid must be at most ${maxUidLength} characters long`);
  }
  return {
    uid,
    kind: readKind(readObject(request, "kind")),
    resource: readResource(readObject(request, "resource")),
    subResource: readString(request, "subResource"),
    name: readString(request, "name"),
    namespace: readString(request, "namespace"),
    operation: readOperation(request),
    userInfo: readUserInfo(readObject(request, "userInfo")),
    object: request["object"],
    oldObject: request["oldObject"],
    dryRun: readBoolean(request, "dryRun"),
  };
}

const readKind = (kind: Json): GroupVersionKind => ({
  group: readString(kind, "group"),
  version: readString(kind, "version"),
  kind: readString(kind, "kind"),
});

const readResource = (resource: Json): GroupVersionResource => ({
  group: readString(resource, "group"),
  version: readString(resource, "version"),
  resource: readString(resource, "resource"),
});

const readUserInfo = (user: Json): UserInfo => ({
  username: readString(user, "username"),
  uid: readString(user, "uid"),
  groups: readStrings(user, "groups"),
});

const operations: ReadonlySet<unknown> = new Set<Operation>(["CREATE", "UPDATE", "DELETE", "CONNECT"]);
const isOperation = (value: unknown): value is Operation => operations.has(value);

function readOperation(request: Json): Operation {
  const operation = request["operation"];
  if (!isOperation(operation)) {
    throw new Malformed("request.operation must be CREATE, UPDATE, DELETE or CONNECT");
  }
  return operation;
}

const nothing: Json = {};

function readObject(parent: Json, key: string): Json {
  const value = parent[key] ?? nothing;
  if (!isObject(value)) throw new Malformed(`request: ${key} must be an object`);
  return value;
}

function readString(parent: Json, key: string): string {
  const value = parent[key] ?? "";
  if (typeof value !== "string") throw new Malformed(`request: ${key} must be a string`);
  return value;
}

function readStrings(parent: Json, key: string): readonly string[] {
  const value = parent[key] ?? [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) {
    throw new Malformed(`request: ${key} must be a list of strings`);
  }
  return value;
}

function readBoolean(parent: Json, key: string): boolean {
  const value = parent[key] ?? false;
  if (typeof value !== "boolean") throw new Malformed(`request: ${key} must be true or false`);
  return value;
}
