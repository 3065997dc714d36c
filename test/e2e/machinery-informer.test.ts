import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Informer, keyOf, type InformerOptions, type KubeObject } from "@cocoonstack/machinery/informer";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ensureAssets, startControlPlane, type ControlPlane } from "../controlplane/index.js";
import { connectThrough } from "../support/connect-through.js";
import { patienceMs, until } from "../support/eventually.js";
import { namespace } from "../support/objects.js";
import { faultProxy, type FaultProxy } from "../support/fault-proxy.js";

// A control plane of its own: its API server is restarted, and its history is thrown away.
let plane: ControlPlane;
beforeAll(async () => {
  const result = await ensureAssets();
  if (!result.available) throw new Error(`${result.reason}: ${result.wayOut}`);
  plane = await startControlPlane({ assets: result.assets });
});
afterAll(() => plane.stop());

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

interface Kept extends KubeObject {
  readonly value: string | undefined;
}

const keep = (object: KubeObject): Kept => {
  const { name, namespace, uid, resourceVersion } = object.metadata;
  const { data, message } = object as {
    readonly data?: { readonly value?: string };
    readonly message?: string;
  };
  return { metadata: { name, namespace, uid, resourceVersion }, value: data?.value ?? message };
};

interface Followed {
  readonly informer: Informer<Kept, "value">;
  readonly proxy: FaultProxy;
  /** What handlers were told: `add NAME`. */
  readonly told: readonly string[];
  readonly lists: () => number;
  /** How many requests its lists have taken. */
  readonly pages: () => number;
  readonly silences: () => number;
  readonly failures: readonly Error[];
  /** Waits until the informer has exactly these values. */
  readonly has: (values: Readonly<Record<string, string>>) => Promise<void>;
}

/** An informer behind a proxy, which has synced. */
async function follow(options: Partial<InformerOptions<Kept, "value">>, path: string): Promise<Followed> {
  const proxy = await faultProxy(plane.url);
  const connection = await connectThrough(plane, proxy);
  const told: string[] = [];
  const failures: Error[] = [];
  let [lists, pages, silences] = [0, 0, 0];
  const informer = new Informer<Kept, "value">({
    connection: {
      request: (request) => {
        pages++;
        return connection.request(request);
      },
      stream: (request) => connection.stream(request),
    },
    collection: { path },
    transform: keep,
    indexes: { value: ({ value }) => (value === undefined ? [] : [value]) },
    observer: {
      listed: () => lists++,
      watchEnded: (end) => {
        if (end === "silent") silences++;
      },
      failed: ({ error }) => failures.push(error),
    },
    ...options,
  });
  informer.addHandler({
    add: ({ metadata }) => told.push(`add ${metadata.name}`),
    update: ({ metadata }) => told.push(`update ${metadata.name}`),
    delete: ({ metadata }) => told.push(`delete ${metadata.name}`),
  });
  const stop = new AbortController();
  const running = informer.run(stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await running;
    await connection.close();
    await proxy[Symbol.asyncDispose]();
  });
  expect(await informer.whenSynced(AbortSignal.timeout(patienceMs))).toBe(true);
  const values = (): Promise<Record<string, string | undefined>> =>
    Promise.resolve(
      Object.fromEntries([...informer.values()].map(({ metadata, value }) => [metadata.name, value])),
    );
  return {
    informer,
    proxy,
    told,
    lists: () => lists,
    pages: () => pages,
    silences: () => silences,
    failures,
    has: (wanted) =>
      until(
        `it does not have ${JSON.stringify(wanted)}`,
        values,
        (found) =>
          JSON.stringify(Object.entries(found).sort()) === JSON.stringify(Object.entries(wanted).sort()),
      ),
  };
}

async function newNamespace(name: string): Promise<string> {
  await call("POST", "/api/v1/namespaces", namespace(name));
  return `/api/v1/namespaces/${name}`;
}

async function call(method: string, path: string, body?: object): Promise<unknown> {
  const contentType = method === "PATCH" ? { contentType: "application/merge-patch+json" } : {};
  const answer = await plane.request(method, path, body, contentType);
  expect(answer.status, `${method} ${path}`).toBeLessThan(300);
  return answer.body;
}

const configMap = (name: string, value: string, labels: Record<string, string> = {}): object => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, labels },
  data: { value },
});

describe("an informer on a real API server", () => {
  it("lists in pages, and follows what its selector picks", async () => {
    const path = `${await newNamespace("pages")}/configmaps`;
    const labels = { app: "web" };
    for (let i = 0; i < 7; i++) await call("POST", path, configMap(`m-${i}`, `${i % 2}`, labels));
    await call("POST", path, configMap("foreign", "0"));
    const collection = { path, labelSelector: "app=web" };
    const { informer, told, has } = await follow({ pageSize: 2, collection }, path);
    expect([informer.size, told.length]).toEqual([7, 7]);
    expect(informer.byIndex("value", "1").map(keyOf).sort()).toEqual(["pages/m-1", "pages/m-3", "pages/m-5"]);

    await call("PATCH", `${path}/m-0`, { data: { value: "changed" } });
    await call("PATCH", `${path}/m-1`, { metadata: { labels: { app: "other" } } });
    await call("PATCH", `${path}/foreign`, { metadata: { labels } });
    await call("DELETE", `${path}/m-2`);
    await has({ "m-0": "changed", "m-3": "1", "m-4": "0", "m-5": "1", "m-6": "0", foreign: "0" });
    expect(told.slice(7)).toEqual(["update m-0", "delete m-1", "add foreign", "delete m-2"]);
    expect(informer.byIndex("value", "changed").map(keyOf)).toEqual(["pages/m-0"]);
  });

  it(
    "copies 40 MB of objects page by page, and keeps of them what it is told to",
    { timeout: 240_000 },
    async () => {
      const path = `${await newNamespace("many")}/configmaps`;
      // Few of them: what an API server takes its time for is their number.
      const bytesEach = 16_384;
      const names = Array.from({ length: 2_500 }, (_, index) => `m-${index}`);
      const value = "v".repeat(bytesEach);
      for (let at = 0; at < names.length; at += 100) {
        await Promise.all(
          names.slice(at, at + 100).map((name) => call("POST", path, configMap(name, value))),
        );
      }
      const before = heapBytes();
      const slim = ({ metadata: { name, uid, resourceVersion } }: KubeObject): Kept => ({
        metadata: { name, uid, resourceVersion },
        value: undefined,
      });
      const { informer, pages } = await follow({ transform: slim, pageSize: 125 }, path);
      const grownBytes = heapBytes() - before;
      expect([informer.size, pages()]).toEqual([names.length, 20]);
      // A name, a UID and a version are some 500 bytes.
      expect(grownBytes).toBeLessThan((names.length * bytesEach) / 2);
      console.log(`${names.length} objects take ${(grownBytes / 1e6).toFixed(1)} MB.`);
    },
  );

  it("notices a watch that hangs, and misses nothing of what happened meanwhile", async () => {
    const path = `${await newNamespace("hangs")}/configmaps`;
    await call("POST", path, configMap("stays", "1"));
    await call("POST", path, configMap("goes", "1"));
    const { proxy, told, lists, silences, has } = await follow({ silenceMs: 2_000 }, path);
    proxy.stall();
    await call("DELETE", `${path}/goes`);
    await call("POST", path, configMap("comes", "1"));
    const before = silences();
    await until(
      "no silence is noticed",
      () => Promise.resolve(silences()),
      (count) => count > before,
    );
    proxy.resume();
    await has({ stays: "1", comes: "1" });
    // Each once, and by going on from where it was.
    expect([told, lists()]).toEqual([["add goes", "add stays", "delete goes", "add comes"], 1]);
  });

  it("outlives cut connections", async () => {
    const path = `${await newNamespace("cuts")}/configmaps`;
    const { proxy, failures, lists, has } = await follow({}, path);
    await call("POST", path, configMap("seen", "1"));
    const values: Record<string, string> = { seen: "1" };
    // Now the watch runs: what cuts a request that has no answer yet shows nobody, because the connection repeats it.
    await has(values);
    for (const name of ["first", "second"]) {
      const before = failures.length;
      proxy.cut();
      await until(
        "no cut is noticed",
        () => Promise.resolve(failures.length),
        (count) => count > before,
      );
      await call("POST", path, configMap(name, "1"));
      values[name] = "1";
      await has(values);
    }
    expect(lists()).toBe(1);
  });

  it("lists anew when etcd has forgotten where it was, and sees what was deleted", async () => {
    // Events are not in the API server's cache, so that a watch of theirs reaches back as far as etcd does.
    const path = `${await newNamespace("compacted")}/events`;
    const event = (name: string): object => ({
      metadata: { name },
      involvedObject: { kind: "Namespace", name: "compacted", namespace: "compacted" },
      type: "Normal",
      reason: "Tested",
      message: name,
    });
    await call("POST", path, event("goes"));
    const { proxy, told, failures, lists, silences, has } = await follow({ silenceMs: 2_000 }, path);
    proxy.stall();
    await call("DELETE", `${path}/goes`);
    const { metadata } = (await call("POST", path, event("comes"))) as KubeObject;
    const compaction = await fetch(`${plane.parts.etcdUrl}/v3/kv/compaction`, {
      method: "POST",
      body: JSON.stringify({ revision: metadata.resourceVersion, physical: true }),
    });
    expect(compaction.status, await compaction.text()).toBe(200);
    const before = silences();
    await until(
      "no silence is noticed",
      () => Promise.resolve(silences()),
      (count) => count > before,
    );
    proxy.resume();
    await has({ comes: "comes" });
    expect(told).toEqual(["add goes", "delete goes", "add comes"]);
    expect([lists(), failures.map((error) => "status" in error && error.status)]).toEqual([
      2,
      expect.arrayContaining([410]),
    ]);
  });

  it("outlives a restart of the API server, which forgets its history", { timeout: 240_000 }, async () => {
    const path = `${await newNamespace("restart")}/configmaps`;
    for (const name of ["stays", "goes", "changes", "again"]) await call("POST", path, configMap(name, "1"));
    const { proxy, told, has } = await follow({}, path);
    proxy.stall();
    await call("DELETE", `${path}/goes`);
    await call("DELETE", `${path}/again`);
    await call("POST", path, configMap("again", "2"));
    await call("PATCH", `${path}/changes`, { data: { value: "2" } });
    await plane.restartApiServer();
    proxy.resume();
    await has({ stays: "1", changes: "2", again: "2" });
    expect(told.slice(4).sort()).toEqual(["add again", "delete again", "delete goes", "update changes"]);
    await call("POST", path, configMap("comes", "1"));
    await has({ stays: "1", changes: "2", again: "2", comes: "1" });
  });
});
