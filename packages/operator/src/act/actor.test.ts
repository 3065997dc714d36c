import { ApiError } from "@cocoonstack/common/k8s";
import type { KubeObject } from "@cocoonstack/machinery/informer";
import { RegistryError } from "@cocoonstack/registry";
import { beforeEach, describe, expect, it } from "vitest";
import { type ScriptedAnswer, ScriptedConnection } from "../../../../test/support/scripted-connection.js";
import type { PodManifest, Proof } from "../model/index.js";
import { type Act, Actor } from "./actor.js";
import { ClusterWriter } from "./cluster-writer.js";
import { outcomeOf } from "./outcome.js";
import { OwnerVersion } from "./owner-version.js";
import type { Subject } from "./subject.js";

/** What the API server has, by path. */
let objects: Map<string, KubeObject>;
let tags: Map<string, string>;
let holds: boolean;
let connection: ScriptedConnection;
let deleted: string[];
/** Why the registry deletes nothing. */
let refuses: RegistryError | undefined;

const setPath = "/apis/cocoonset.cocoonstack.io/v1/namespaces/shop/cocoonsets/demo";
const podPath = "/api/v1/namespaces/shop/pods/demo-0";
const named = (name: string, uid: string, resourceVersion: string): KubeObject => ({
  metadata: { namespace: "shop", name, uid, resourceVersion },
});

beforeEach(() => {
  objects = new Map([[setPath, named("demo", "s1", "10")]]);
  tags = new Map([["vm:latest", "sha256:a"]]);
  holds = true;
  deleted = [];
  refuses = undefined;
  connection = new ScriptedConnection(({ method = "GET", path }): ScriptedAnswer => {
    const [plain = ""] = path.split("?");
    if (method === "POST") return { status: 201, body: named("demo-0", "p1", "20") };
    const found = objects.get(plain);
    return found === undefined ? { status: 404, body: { kind: "Status" } } : { status: 200, body: found };
  });
});

function setUp(): { readonly actor: Actor; readonly subject: Subject } {
  const { signal } = new AbortController();
  const actor = new Actor({
    writer: new ClusterWriter(connection, signal),
    registry: {
      resolve: (vm, tag) => Promise.resolve(tags.get(`${vm}:${tag}`)),
      tag: () => Promise.resolve(),
      deleteTag: (vm, tag, { ifDigest = "" } = {}) => {
        deleted.push(`${vm}:${tag} ${ifDigest}`);
        return refuses === undefined ? Promise.resolve() : Promise.reject(refuses);
      },
    },
    holds: () => holds,
    signal,
    onPod: () => undefined,
    onPodGone: () => undefined,
    onOwner: () => undefined,
  });
  const ref = {
    kind: "CocoonSet",
    namespace: "shop",
    name: "demo",
    uid: "s1",
    resourceVersion: "10",
  } as const;
  return {
    actor,
    subject: { ref, version: new OwnerVersion("10"), finalizers: ["other"], status: undefined },
  };
}

const owner: Proof = { kind: "owner-unchanged", resourceVersion: "10" };
const deleteTag = (...provided: readonly Proof[]): Act => ({
  kind: "delete-tag",
  vmName: "vm",
  tag: "hibernate",
  digest: "sha256:h",
  provided,
});

describe("an action is left out where its proof does not hold", () => {
  it.each<[string, Proof, () => void]>([
    ["the set has changed", owner, () => objects.set(setPath, named("demo", "s1", "11"))],
    ["the set is another one", owner, () => objects.set(setPath, named("demo", "s2", "10"))],
    ["the set is gone", owner, () => objects.delete(setPath)],
    [
      "the pod is there",
      { kind: "pod-absent", name: "demo-0" },
      () => objects.set(podPath, named("demo-0", "p1", "3")),
    ],
    [
      "the pod has changed",
      { kind: "pod-unchanged", name: "demo-0", uid: "p1", resourceVersion: "3" },
      () => objects.set(podPath, named("demo-0", "p1", "4")),
    ],
    [
      "the tag is another snapshot",
      { kind: "tag-is", vmName: "vm", tag: "latest", digest: "sha256:a" },
      () => tags.set("vm:latest", "sha256:b"),
    ],
    [
      "the tag is gone",
      { kind: "tag-is", vmName: "vm", tag: "latest", digest: "sha256:a" },
      () => {
        tags.clear();
      },
    ],
  ])("%s", async (_what, proof, change) => {
    const { actor, subject } = setUp();
    change();
    expect(await actor.act(subject, deleteTag(proof))).toMatchObject({ kind: "stale" });
    expect(deleted).toEqual([]);
  });

  it("and carried out where all of them do, by the digest that was planned by", async () => {
    const { actor, subject } = setUp();
    const gone: Proof = { kind: "pod-absent", name: "demo-0" };
    const kept: Proof = { kind: "tag-is", vmName: "vm", tag: "latest", digest: "sha256:a" };
    expect(await actor.act(subject, deleteTag(owner, gone, kept))).toEqual({ kind: "done" });
    expect(deleted).toEqual(["vm:hibernate sha256:h"]);
  });

  it("and planned anew where the registry finds another digest at the moment of the deletion", async () => {
    const { actor, subject } = setUp();
    refuses = new RegistryError("changed", "it has another digest");
    expect(await actor.act(subject, deleteTag(owner))).toEqual({
      kind: "stale",
      why: "it has another digest",
    });
  });

  it("nor is anything written once this process leads no more", async () => {
    const { actor, subject } = setUp();
    holds = false;
    expect(await actor.act(subject, deleteTag())).toMatchObject({ kind: "stale" });
    expect(await actor.writeStatus(subject, { phase: "Running", conditions: [] })).toMatchObject({
      kind: "stale",
    });
    expect(deleted).toEqual([]);
    expect(connection.requests).toEqual([]);
  });
});

describe("writes", () => {
  it("carry UID and version, and a deletion both as preconditions", async () => {
    const { actor, subject } = setUp();
    objects.set(podPath, named("demo-0", "p1", "3"));
    const version = { name: "demo-0", uid: "p1", resourceVersion: "3" };
    await actor.act(subject, { kind: "patch-pod", ...version, annotations: { a: "b", c: null } });
    await actor.act(subject, { kind: "delete-pod", ...version, provided: [] });
    const [patch] = connection.by("PATCH");
    expect(JSON.parse(patch?.body ?? "")).toEqual({
      metadata: { uid: "p1", resourceVersion: "3", annotations: { a: "b", c: null } },
    });
    const [deletion] = connection.by("DELETE");
    expect(JSON.parse(deletion?.body ?? "")).toMatchObject({
      preconditions: { uid: "p1", resourceVersion: "3" },
    });
  });

  it("leave the finalizers of others alone", async () => {
    const { actor, subject } = setUp();
    const identity = { uid: "s1", resourceVersion: "10" };
    await actor.act(subject, { kind: "add-finalizer", ...identity, finalizer: "ours" });
    const [patch] = connection.by("PATCH");
    expect(JSON.parse(patch?.body ?? "")).toEqual({
      metadata: { ...identity, finalizers: ["other", "ours"] },
    });
  });

  it("of the pass itself are no change by somebody else", async () => {
    const { actor, subject } = setUp();
    objects.set(setPath, named("demo", "s1", "12"));
    // The answer to the patch has version 12, and the pass goes on from there.
    await actor.act(subject, {
      kind: "patch-owner",
      uid: "s1",
      resourceVersion: "10",
      annotations: { a: "b" },
    });
    expect(await actor.act(subject, deleteTag(owner))).toEqual({ kind: "done" });
    objects.set(setPath, named("demo", "s1", "13"));
    expect(await actor.act(subject, deleteTag(owner))).toMatchObject({ kind: "stale" });
  });

  it("create no more than eight pods at the same time", async () => {
    const { actor, subject } = setUp();
    let [running, most] = [0, 0];
    const answer = connection.request.bind(connection);
    connection.request = async (request) => {
      const isCreate = request.method === "POST";
      if (isCreate) most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (isCreate) running--;
      return answer(request);
    };
    const pod = { metadata: { namespace: "shop", name: "demo-1" } } as PodManifest;
    await Promise.all(
      Array.from({ length: 20 }, () => actor.act(subject, { kind: "create-pod", pod, provided: [owner] })),
    );
    expect(connection.by("POST")).toHaveLength(20);
    expect(most).toBe(8);
  });

  it("that begin together ask once whether the set is the same, after each of them began", async () => {
    const { actor, subject } = setUp();
    const pod = { metadata: { namespace: "shop", name: "demo-1" } } as PodManifest;
    const act: Act = { kind: "create-pod", pod, provided: [owner] };
    await Promise.all(Array.from({ length: 8 }, () => actor.act(subject, act)));
    expect(connection.by(undefined)).toHaveLength(1);
    objects.set(setPath, named("demo", "s1", "11"));
    expect(await actor.act(subject, act)).toMatchObject({ kind: "stale" });
  });

  it("that meet a name that is taken say whose name it is", async () => {
    connection = new ScriptedConnection(() => ({
      status: 409,
      body: { kind: "Status", reason: "AlreadyExists" },
    }));
    const { actor, subject } = setUp();
    const pod = { metadata: { namespace: "shop", name: "demo-1" } } as PodManifest;
    const outcome = await actor.act(subject, { kind: "create-pod", pod, provided: [] });
    expect(outcome).toMatchObject({ kind: "stale", heldName: "demo-1" });
  });
});

it.each([
  [new ApiError(409, "conflict"), "stale"],
  [new ApiError(404, "gone"), "stale"],
  [new ApiError(403, "quota"), "failed"],
  [new Error("timeout"), "failed"],
])("%s is %s", (error, kind) => {
  expect(outcomeOf(error).kind).toBe(kind);
});
