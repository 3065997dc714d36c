import { generateSelfSignedCert } from "@cocoonstack/common/k8s";
import {
  type Artifact,
  type Credentials,
  openRegistry,
  type Registry,
  type RegistryErrorKind,
  RegistryError,
  type RegistryOptions,
} from "@cocoonstack/registry";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { eventually } from "../support/eventually.js";
import { type FaultProxy, faultProxy } from "../support/fault-proxy.js";
import { ensureRegistry } from "../registry/ensure-registry.js";
import { type RegistryServer, registryUser, startRegistry } from "../registry/start-registry.js";

const available = await ensureRegistry();
if (!available.available) console.warn(`skipped: ${available.reason}; ${available.wayOut}`);

interface Client {
  readonly url: string;
  readonly ca?: string;
  readonly credentials?: Credentials;
  readonly options?: RegistryOptions;
}

function client({ url, ca, credentials = { kind: "anonymous" }, options = {} }: Client): Registry {
  const registry = openRegistry(
    { url, prefix: "vms", ca, credentials: () => Promise.resolve(credentials) },
    options,
  );
  onTestFinished(() => registry.close());
  return registry;
}

const kindOf = (call: Promise<unknown>): Promise<RegistryErrorKind | "none"> =>
  call.then(
    () => "none" as const,
    (error: unknown) => {
      if (error instanceof RegistryError) return error.kind;
      throw error;
    },
  );

const snapshot = (content: string): Artifact => ({
  artifactType: "application/vnd.cocoonstack.snapshot.v1+json",
  config: {
    mediaType: "application/vnd.cocoonstack.snapshot.config.v1+json",
    content: Buffer.from(JSON.stringify({ content })),
  },
  layers: [
    { mediaType: "application/octet-stream", content: Buffer.from(content) },
    { mediaType: "application/octet-stream", content: Buffer.from(content), annotations: { part: "2" } },
  ],
  annotations: { "cocoonstack.snapshot.id": content },
});

let repositories = 0;
const newName = (): string => `vk-shop-demo-${repositories++}`;

describe.skipIf(!available.available)("a registry of CNCF distribution", () => {
  let server: RegistryServer;
  beforeAll(async () => {
    server = await startRegistry();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("gives back what was pushed, by tag and by digest", async () => {
    const registry = client(server);
    const name = newName();
    const digest = await registry.push(name, "hibernate", snapshot("seven"));
    await expect(registry.resolve(name, "hibernate")).resolves.toBe(digest);
    for (const reference of ["hibernate", digest]) {
      await expect(registry.pull(name, reference)).resolves.toEqual({ ...snapshot("seven"), digest });
    }
    await expect(registry.push(name, "hibernate", snapshot("seven"))).resolves.toBe(digest);
    await expect(registry.push(name, "hibernate", snapshot("eight"))).resolves.not.toBe(digest);
  });

  it("takes an artifact of some megabytes, and one without content", async () => {
    const registry = client(server);
    const name = newName();
    const big = {
      config: { mediaType: "application/json", content: Buffer.alloc(0) },
      layers: [{ mediaType: "application/octet-stream", content: Buffer.alloc(5_000_000, "cocoon") }],
    };
    const digest = await registry.push(name, "latest", big, { timeoutMs: 60_000 });
    const pulled = await registry.pull(name, "latest", { timeoutMs: 60_000 });
    expect(pulled?.digest).toBe(digest);
    expect(pulled?.config.content).toHaveLength(0);
    // Not by `toEqual`, which takes most of a minute for so many bytes.
    expect(big.layers[0]?.content.equals(pulled?.layers[0]?.content ?? Buffer.alloc(0))).toBe(true);
  });

  it("has nothing where nothing was pushed", async () => {
    const registry = client(server);
    const name = newName();
    await expect(registry.resolve(name, "hibernate")).resolves.toBeUndefined();
    await expect(registry.pull(name, "hibernate")).resolves.toBeUndefined();
    await expect(registry.deleteTag(name, "hibernate")).resolves.toBeUndefined();
    await registry.push(name, "latest", snapshot("one"));
    await expect(registry.resolve(name, "hibernate")).resolves.toBeUndefined();
    await expect(registry.deleteTag(name, "hibernate")).resolves.toBeUndefined();
  });

  it("gives a manifest a second tag, which outlives the first", async () => {
    const registry = client(server);
    const name = newName();
    const digest = await registry.push(name, "hibernate", snapshot("seven"));
    await registry.tag(name, digest, "latest");
    await expect(registry.resolve(name, "latest")).resolves.toBe(digest);
    await registry.deleteTag(name, "hibernate", { ifDigest: digest });
    await expect(registry.resolve(name, "hibernate")).resolves.toBeUndefined();
    await expect(registry.pull(name, "latest")).resolves.toEqual({ ...snapshot("seven"), digest });
  });

  it("takes a tag away from the manifest that had it", async () => {
    const registry = client(server);
    const name = newName();
    const one = await registry.push(name, "latest", snapshot("one"));
    const two = await registry.push(name, "hibernate", snapshot("two"));
    await registry.tag(name, two, "latest");
    await expect(registry.resolve(name, "latest")).resolves.toBe(two);
    expect(await kindOf(registry.deleteTag(name, "latest", { ifDigest: one }))).toBe("changed");
    await expect(registry.resolve(name, "latest")).resolves.toBe(two);
  });

  it("says that there is no manifest to give a tag", async () => {
    const registry = client(server);
    const name = newName();
    const absent = `sha256:${"0".repeat(64)}`;
    expect(await kindOf(registry.tag(name, absent, "latest"))).toBe("not-found");
    await registry.push(name, "hibernate", snapshot("one"));
    expect(await kindOf(registry.tag(name, absent, "latest"))).toBe("not-found");
  });

  /**
   * What `deleteTag` must never do in its need, pinned here because it is why: a deletion by digest takes every tag of the
   * manifest away.
   */
  it("loses all tags of a manifest that is deleted by its digest", async () => {
    const registry = client(server);
    const name = newName();
    const digest = await registry.push(name, "hibernate", snapshot("one"));
    await registry.tag(name, digest, "latest");
    const answer = await fetch(`${server.url}/v2/vms/${name}/manifests/${digest}`, { method: "DELETE" });
    expect(answer.status).toBe(202);
    await expect(registry.resolve(name, "latest")).resolves.toBeUndefined();
  });

  describe("that nothing may be deleted from", () => {
    it("says so, and keeps the tag", async () => {
      await using keeper = await startRegistry({ mayDelete: false });
      const registry = client(keeper);
      const digest = await registry.push("vm", "hibernate", snapshot("one"));
      expect(await kindOf(registry.deleteTag("vm", "hibernate"))).toBe("unsupported");
      await expect(registry.resolve("vm", "hibernate")).resolves.toBe(digest);
    });
  });

  it("is let in by user and password alone", async () => {
    await using guarded = await startRegistry({ withPassword: true });
    const credentials: Credentials = { kind: "basic", ...registryUser };
    const registry = client({ ...guarded, credentials });
    const digest = await registry.push("vm", "hibernate", snapshot("one"));
    await registry.tag("vm", digest, "latest");
    await registry.deleteTag("vm", "hibernate", { ifDigest: digest });
    await expect(registry.pull("vm", "latest")).resolves.toMatchObject({ digest });
    expect(await kindOf(client(guarded).resolve("vm", "latest"))).toBe("unauthorized");
    const wrong = { ...credentials, password: "wrong" };
    expect(await kindOf(client({ ...guarded, credentials: wrong }).resolve("vm", "latest"))).toBe(
      "unauthorized",
    );
  });

  it("is trusted by its own CA alone", async () => {
    const tls = await generateSelfSignedCert("registry", "127.0.0.1");
    await using secured = await startRegistry({ tls });
    const registry = client({ ...secured, ca: tls.certPem });
    const digest = await registry.push("vm", "hibernate", snapshot("one"));
    await expect(registry.resolve("vm", "hibernate")).resolves.toBe(digest);
    expect(await kindOf(client(secured).resolve("vm", "hibernate"))).toBe("tls");
    const { certPem: other } = await generateSelfSignedCert("registry", "127.0.0.1");
    expect(await kindOf(client({ ...secured, ca: other }).resolve("vm", "hibernate"))).toBe("tls");
  });

  describe("behind a network that fails", () => {
    let proxy: FaultProxy;
    beforeAll(async () => {
      proxy = await faultProxy(server.url);
    });
    afterAll(() => proxy[Symbol.asyncDispose]());

    it.each<[string, (proxy: FaultProxy) => void, RegistryErrorKind]>([
      [
        "hangs",
        (each) => {
          each.stall();
        },
        "timeout",
      ],
      [
        "is gone",
        (each) => {
          each.reset();
        },
        "unavailable",
      ],
      [
        "answers 503",
        (each) => {
          each.answer(503);
        },
        "unavailable",
      ],
      [
        "answers 404, which is no registry's",
        (each) => {
          each.answer(404);
        },
        "malformed",
      ],
      [
        "is slower than anybody waits",
        (each) => {
          each.drip(1);
        },
        "timeout",
      ],
    ])("says so while it %s, and works again afterwards", async (_what, fail, kind) => {
      const name = newName();
      const registry = client({
        url: proxy.url,
        options: { retry: { baseMs: 10 }, breaker: { openMs: 100 } },
      });
      const digest = await registry.push(name, "hibernate", snapshot("one"));
      fail(proxy);
      expect(await kindOf(registry.resolve(name, "hibernate", { timeoutMs: 1_500 }))).toBe(kind);
      proxy.resume();
      const resolved = await eventually(
        () => registry.resolve(name, "hibernate", { timeoutMs: 5_000 }).catch(() => undefined),
        (result) => result !== undefined,
      );
      expect(resolved).toBe(digest);
    });

    it("finishes a push over cut connections", async () => {
      const name = newName();
      const options = {
        retry: { attempts: 50, baseMs: 20, longestMs: 50 },
        breaker: { failuresToOpen: 1_000 },
      };
      const registry = client({ url: proxy.url, options });
      proxy.reset();
      const pushed = registry.push(name, "hibernate", snapshot("one"), { timeoutMs: 30_000 });
      const before = proxy.accepted;
      await eventually(
        () => Promise.resolve(proxy.accepted),
        (accepted) => accepted > before + 2,
      );
      proxy.resume();
      const digest = await pushed;
      await expect(registry.pull(name, "hibernate")).resolves.toMatchObject({ digest });
    });
  });
});
