import { createHash } from "node:crypto";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { generateSelfSignedCert } from "@cocoonstack/common/k8s";
import {
  type Call,
  type Credentials,
  openRegistry,
  type Registry,
  RegistryError,
  type RegistryErrorKind,
  type RegistryOptions,
} from "@cocoonstack/registry";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { eventually } from "../support/eventually.js";
import { type Arrived, type HostileRegistry, hostileRegistry } from "../support/hostile-registry.js";

const open: (Registry | HostileRegistry)[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) {
    await ("close" in each ? each.close() : each[Symbol.asyncDispose]());
  }
});

async function server(
  answer: (request: Arrived, response: ServerResponse) => void,
): Promise<HostileRegistry> {
  const started = await hostileRegistry(answer);
  open.push(started);
  return started;
}

const anonymous: Credentials = { kind: "anonymous" };
const ada: Credentials = { kind: "basic", username: "ada", password: "secret" };
const quick: RegistryOptions = { retry: { baseMs: 5, longestMs: 20 } };

function client(
  url: string,
  options: RegistryOptions = quick,
  credentials = anonymous,
  ca?: string,
): Registry {
  const registry = openRegistry(
    { url, prefix: "vms", ca, credentials: () => Promise.resolve(credentials) },
    options,
  );
  open.push(registry);
  return registry;
}

/** What a call rejects with; fails the test where it does not. */
async function failureOf(call: Promise<unknown>): Promise<RegistryError> {
  const result = await call.then(
    () => "no error",
    (error: unknown) => error,
  );
  if (result instanceof RegistryError) return result;
  throw new Error(`no RegistryError but ${String(result)}`);
}

const kindOf = async (call: Promise<unknown>): Promise<RegistryErrorKind> => (await failureOf(call)).kind;

const sha256 = (content: Buffer | string): string =>
  `sha256:${createHash("sha256").update(content).digest("hex")}`;
const digest = sha256("x");
const empty = { mediaType: "application/vnd.example.v1+json", digest: sha256("{}"), size: 2 };
const manifestType = "application/vnd.oci.image.manifest.v1+json";
const manifest = (fields: object = {}): string =>
  JSON.stringify({ schemaVersion: 2, mediaType: manifestType, config: empty, layers: [], ...fields });

const absent = (response: ServerResponse): void => {
  response.writeHead(404, { "docker-distribution-api-version": "registry/2.0" }).end();
};
const present = (response: ServerResponse): void => {
  response.writeHead(200, { "docker-content-digest": digest }).end();
};

describe("a call", () => {
  it("says what it was, how it ended and how long it took, once", async () => {
    const calls: Call[] = [];
    const { url } = await server(({ path }, response) => {
      (path.endsWith("/gone") ? absent : present)(response);
    });
    const registry = client(url, { ...quick, onCall: (call) => calls.push(call) });
    await registry.resolve("vm", "here");
    await registry.resolve("vm", "gone");
    await failureOf(registry.resolve("VM", "here"));
    expect(calls).toEqual([
      { operation: "resolve", outcome: "ok", durationMs: expect.any(Number) as number },
      { operation: "resolve", outcome: "ok", durationMs: expect.any(Number) as number },
      { operation: "resolve", outcome: "invalid", durationMs: expect.any(Number) as number },
    ]);
  });

  it.each<[string, (registry: Registry) => Promise<unknown>]>([
    ["a repository", (registry) => registry.resolve("../other", "latest")],
    ["a tag", (registry) => registry.deleteTag("vm", "a/b")],
    ["a digest", (registry) => registry.tag("vm", "sha256:short", "latest")],
  ])("with %s that is none sends nothing", async (_what, call) => {
    const { url, requests } = await server((_request, response) => {
      present(response);
    });
    expect(await kindOf(call(client(url)))).toBe("invalid");
    expect(requests).toEqual([]);
  });

  it("ends by its deadline where nothing is ever answered, and the connection is not used again", async () => {
    const { url } = await server(() => undefined);
    const failure = await failureOf(client(url).resolve("vm", "latest", { timeoutMs: 200 }));
    expect(failure.kind).toBe("timeout");
    expect(failure.message).toBe("resolve vm:latest: the registry took longer than 200 ms");
  });

  it("ends by its deadline where the answer comes drop by drop", async () => {
    const { url } = await server((_request, response) => {
      response.writeHead(200, { "content-type": manifestType });
      const timer = setInterval(() => response.write(" "), 20);
      response.once("close", () => {
        clearInterval(timer);
      });
    });
    expect(await kindOf(client(url).pull("vm", "latest", { timeoutMs: 300 }))).toBe("timeout");
  });

  it("ends with its caller, and with the client", async () => {
    const { url, requests } = await server(() => undefined);
    const registry = client(url);
    const controller = new AbortController();
    const given = registry.resolve("vm", "latest", { signal: controller.signal });
    await eventually(
      () => Promise.resolve(requests.length),
      (count) => count === 1,
    );
    controller.abort();
    expect(await kindOf(given)).toBe("aborted");
    const cut = registry.resolve("vm", "latest");
    await eventually(
      () => Promise.resolve(requests.length),
      (count) => count === 2,
    );
    await Promise.all([registry.close(), expect(kindOf(cut)).resolves.toBe("closed")]);
    expect(await kindOf(registry.resolve("vm", "latest"))).toBe("closed");
  });

  it("waits for a place, and no longer than its deadline", async () => {
    const hostile = await server(() => undefined);
    const registry = client(hostile.url, { ...quick, concurrency: 2 });
    const calls = Array.from({ length: 6 }, () =>
      kindOf(registry.resolve("vm", "latest", { timeoutMs: 300 })),
    );
    await expect(Promise.all(calls)).resolves.toEqual(Array.from({ length: 6 }, () => "timeout"));
    expect(hostile.mostAtOnce).toBe(2);
  });
});

describe("a failure that may pass", () => {
  it.each([500, 502, 503, 504, 429, 408])("is tried again: %i", async (status) => {
    const { url, requests } = await server((_request, response) => {
      if (requests.length < 3) response.writeHead(status).end();
      else present(response);
    });
    await expect(client(url).resolve("vm", "latest")).resolves.toBe(digest);
    expect(requests).toHaveLength(3);
  });

  it("is tried again when the connection is cut", async () => {
    const { url, requests } = await server((_request, response) => {
      if (requests.length < 3) response.socket?.resetAndDestroy();
      else present(response);
    });
    await expect(client(url).resolve("vm", "latest")).resolves.toBe(digest);
  });

  it("ends after four tries, and says what the registry said", async () => {
    const { url, requests } = await server((_request, response) => {
      response.writeHead(503).end('{"errors":[{"code":"UNAVAILABLE","message":"disk\\nfull"}]}');
    });
    const failure = await failureOf(client(url).deleteTag("vm", "latest"));
    expect(failure).toMatchObject({ kind: "unavailable", status: 503 });
    expect(failure.message).toBe(
      `delete-tag vm:latest: DELETE ${url}/v2/vms/vm/manifests/latest: the registry answers 503 (UNAVAILABLE: disk full)`,
    );
    expect(requests).toHaveLength(4);
  });

  it("is left for later where the registry asks for more patience than there is", async () => {
    const { url, requests } = await server((_request, response) => {
      response.writeHead(429, { "retry-after": "60" }).end();
    });
    const failure = await failureOf(client(url).resolve("vm", "latest", { timeoutMs: 5_000 }));
    expect(failure).toMatchObject({ kind: "unavailable", status: 429, retryAfterMs: 60_000 });
    expect(requests).toHaveLength(1);
  });

  it.each([
    [400, "rejected"],
    [401, "unauthorized"],
    [403, "denied"],
    [409, "rejected"],
    [418, "rejected"],
    [501, "unsupported"],
    [204, "malformed"],
  ])("is none of these: %i is %s, and asked once", async (status, kind) => {
    const { url, requests } = await server((_request, response) => {
      response.writeHead(status).end();
    });
    expect(await kindOf(client(url).resolve("vm", "latest"))).toBe(kind);
    expect(requests).toHaveLength(1);
  });
});

describe("a registry that fails again and again", () => {
  it("is not asked for a while, then once, and then again as ever", async () => {
    let isWell = false;
    const { url, requests } = await server((_request, response) => {
      if (isWell) present(response);
      else response.writeHead(500).end();
    });
    const registry = client(url, { retry: { attempts: 1 }, breaker: { failuresToOpen: 3, openMs: 2_000 } });
    for (let calls = 0; calls < 3; calls++) await failureOf(registry.resolve("vm", "latest"));
    const refused = await failureOf(registry.resolve("vm", "latest"));
    expect(refused.kind).toBe("circuit-open");
    expect(refused.retryAfterMs).toBeLessThanOrEqual(2_000);
    expect(refused.message).toContain("the last time: HEAD");
    expect(requests).toHaveLength(3);
    isWell = true;
    const resolved = await eventually(
      () => registry.resolve("vm", "latest").catch(() => undefined),
      (result) => result !== undefined,
    );
    expect(resolved).toBe(digest);
    expect(requests).toHaveLength(4);
  });

  it("is answered for at once, also while the one that is let through holds the last place", async () => {
    const { url, requests } = await server(() => undefined);
    const breaker = { failuresToOpen: 1, openMs: 1, longestOpenMs: 1 };
    const registry = client(url, { concurrency: 1, breaker });
    await failureOf(registry.resolve("vm", "latest", { timeoutMs: 100 }));
    await eventually(
      () => {
        void registry.resolve("vm", "latest", { timeoutMs: 30_000 }).catch(() => undefined);
        return Promise.resolve(requests.length);
      },
      (count) => count === 2,
    );
    expect(await kindOf(registry.resolve("vm", "latest", { timeoutMs: 20_000 }))).toBe("circuit-open");
  });

  it("is not one that has no place left, which says nothing of the registry", async () => {
    const { url, requests } = await server(({ path }, response) => {
      if (!path.endsWith("/hang")) present(response);
    });
    const registry = client(url, { concurrency: 1, breaker: { failuresToOpen: 2, openMs: 60_000 } });
    const controller = new AbortController();
    const hanging = kindOf(registry.resolve("vm", "hang", { signal: controller.signal }));
    await eventually(
      () => Promise.resolve(requests.length),
      (count) => count === 1,
    );
    for (let calls = 0; calls < 3; calls++) {
      expect(await kindOf(registry.resolve("vm", "latest", { timeoutMs: 30 }))).toBe("timeout");
    }
    expect(requests).toHaveLength(1);
    controller.abort();
    expect(await hanging).toBe("aborted");
    await expect(registry.resolve("vm", "latest")).resolves.toBe(digest);
  });

  it("is not one that refuses, or that has hidden nothing", async () => {
    const { url, requests } = await server(({ path }, response) => {
      if (path.endsWith("/denied")) response.writeHead(403).end();
      else absent(response);
    });
    const registry = client(url, { breaker: { failuresToOpen: 2 } });
    for (let calls = 0; calls < 3; calls++) {
      expect(await kindOf(registry.resolve("vm", "denied"))).toBe("denied");
      await expect(registry.resolve("vm", "absent")).resolves.toBeUndefined();
    }
    expect(requests).toHaveLength(6);
  });

  it("is not one whose callers give up", async () => {
    const { url } = await server(() => undefined);
    const registry = client(url, { breaker: { failuresToOpen: 1, openMs: 60_000 } });
    for (let calls = 0; calls < 3; calls++) {
      const signal = AbortSignal.timeout(30);
      expect(await kindOf(registry.resolve("vm", "latest", { signal }))).toBe("aborted");
    }
  });
});

describe("absence", () => {
  it("is believed of a registry that says so in the answer's body alone", async () => {
    const { url } = await server((_request, response) => {
      response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
    });
    await expect(client(url).resolve("vm", "latest")).resolves.toBeUndefined();
    await expect(client(url).pull("vm", "latest")).resolves.toBeUndefined();
    await expect(client(url).deleteTag("vm", "latest")).resolves.toBeUndefined();
  });

  it.each(["resolve", "pull", "deleteTag"] as const)(
    "is not believed of something else that answers 404: %s",
    async (method) => {
      const { url } = await server((_request, response) => {
        response.writeHead(404, { "content-type": "text/html" }).end("<h1>default backend</h1>");
      });
      const failure = await failureOf(client(url)[method]("vm", "latest"));
      expect(failure.kind).toBe("malformed");
      expect(failure.message).toContain("comes from no registry");
    },
  );
});

describe("the digest of a tag", () => {
  it("is worked out where the registry does not name it", async () => {
    const { url } = await server((_request, response) => {
      response.writeHead(200, { "content-type": manifestType }).end(manifest());
    });
    await expect(client(url).resolve("vm", "latest")).resolves.toBe(sha256(manifest()));
  });

  it.each([
    ["a page", "<html>", "malformed"],
    ["something longer than a manifest may be", " ".repeat(5 * 2 ** 20), "too-large"],
  ])("is not that of %s", async (_what, body, kind) => {
    const { url } = await server((_request, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end(body);
    });
    expect(await kindOf(client(url).resolve("vm", "latest"))).toBe(kind);
  });
});

describe("what is pulled", () => {
  const pulling = async (
    stored: string,
    blob: (response: ServerResponse) => void,
    headers: Record<string, string> = {},
  ): Promise<Registry> => {
    const { url } = await server(({ path }, response) => {
      if (path.includes("/blobs/")) blob(response);
      else response.writeHead(200, { "content-type": manifestType, ...headers }).end(stored);
    });
    return client(url, { ...quick, maxArtifactBytes: 1_000 });
  };

  it.each<[string, string, (response: ServerResponse) => void, Record<string, string>, RegistryErrorKind]>([
    [
      "another manifest than its digest",
      manifest(),
      (response) => response.end("{}"),
      { "docker-content-digest": digest },
      "corrupt",
    ],
    ["other content of the same length", manifest(), (response) => response.end("[]"), {}, "corrupt"],
    ["less content", manifest(), (response) => response.end("{"), {}, "corrupt"],
    ["more content", manifest(), (response) => response.end("{}{}"), {}, "too-large"],
    ["no content", manifest(), absent, {}, "corrupt"],
    [
      "too much in all",
      manifest({ layers: [{ ...empty, size: 999 }] }),
      (response) => response.end("{}"),
      {},
      "too-large",
    ],
    ["an index", manifest({ config: undefined, layers: undefined, manifests: [] }), absent, {}, "malformed"],
  ])("is refused: %s", async (_what, stored, blob, headers, kind) => {
    const registry = await pulling(stored, blob, headers);
    expect(await kindOf(registry.pull("vm", "latest"))).toBe(kind);
  });

  it("is refused where a digest was asked for and something else comes", async () => {
    const registry = await pulling(manifest(), (response) => response.end("{}"));
    expect(await kindOf(registry.pull("vm", digest))).toBe("corrupt");
    await expect(registry.pull("vm", sha256(manifest()))).resolves.toMatchObject({
      digest: sha256(manifest()),
    });
  });
});

describe("redirects", () => {
  it("are followed to the registry itself, and not for ever", async () => {
    const { url, requests } = await server(({ path }, response) => {
      if (path.endsWith("/here")) response.writeHead(307, { location: "/elsewhere" }).end();
      else if (path === "/elsewhere") present(response);
      else response.writeHead(302, { location: path }).end();
    });
    await expect(client(url).resolve("vm", "here")).resolves.toBe(digest);
    const before = requests.length;
    expect(await kindOf(client(url).resolve("vm", "loop"))).toBe("malformed");
    expect(requests.length - before).toBe(5);
  });

  it.each(["http://169.254.169.254/latest", "file:///etc/passwd", "http://ada@127.0.0.1/", "http://["])(
    "are not followed to %s",
    async (location) => {
      const { url, requests } = await server((_request, response) => {
        response.writeHead(307, { location }).end();
      });
      expect(await kindOf(client(url).resolve("vm", "latest"))).toBe("malformed");
      expect(requests).toHaveLength(1);
    },
  );

  it("are not followed by what writes", async () => {
    const { url, requests } = await server((_request, response) => {
      response.writeHead(307, { location: "/elsewhere" }).end();
    });
    expect(await kindOf(client(url).deleteTag("vm", "latest"))).toBe("malformed");
    expect(requests).toHaveLength(1);
  });
});

describe("credentials", () => {
  const challenge = (response: ServerResponse, value: string): void => {
    response.writeHead(401, { "www-authenticate": value }).end();
  };

  it("are given to a registry that asks for user and password, from then on without being asked", async () => {
    const { url, requests } = await server(({ headers }, response) => {
      if (headers.authorization === undefined) challenge(response, 'Basic realm="r"');
      else present(response);
    });
    const registry = client(url, quick, ada);
    await registry.resolve("vm", "latest");
    await registry.resolve("vm2", "latest");
    const basic = `Basic ${Buffer.from("ada:secret").toString("base64")}`;
    expect(requests.map(({ headers }) => headers.authorization)).toEqual([undefined, basic, basic]);
  });

  it.each<[string, Credentials, string]>([
    ["none", anonymous, 'Basic realm="r"'],
    ["user and password", ada, 'Basic realm="r"'],
    ["user and password for something new", ada, "Negotiate"],
    ["a token", { kind: "bearer", token: "t" }, 'Bearer realm="https://x.invalid/"'],
    ["an identity token, which cannot be sent", { kind: "identity", token: "t" }, 'Basic realm="r"'],
  ])("that are refused are not offered for ever: %s", async (_what, credentials, value) => {
    const { url, requests } = await server((_request, response) => {
      challenge(response, value);
    });
    const failure = await failureOf(client(url, quick, credentials).resolve("vm", "latest"));
    expect(failure).toMatchObject({ kind: "unauthorized", status: 401 });
    expect(failure.message).not.toMatch(/secret/);
    expect(requests.length).toBeLessThanOrEqual(2);
  });

  it("are exchanged for a token, one for each repository and use, and kept", async () => {
    const { url, requests } = await server(({ path, headers }, response) => {
      if (path.startsWith("/token"))
        response.end(JSON.stringify({ token: `T${requests.length}`, expires_in: 300 }));
      else if (headers.authorization?.startsWith("Bearer T") === true) present(response);
      else challenge(response, `Bearer realm="${url}/token",service="s",scope="repository:vms/vm:pull"`);
    });
    const registry = client(url, quick, ada);
    for (const name of ["vm", "vm", "vm2"]) await registry.resolve(name, "latest");
    const tokens = requests.filter(({ path }) => path.startsWith("/token"));
    expect(tokens.map(({ path }) => decodeURIComponent(path))).toEqual([
      "/token?service=s&scope=repository:vms/vm:pull",
      // The registry asked for leave for another repository than the one in hand.
      "/token?service=s&scope=repository:vms/vm2:pull",
    ]);
    expect(tokens.every(({ headers }) => headers.authorization?.startsWith("Basic ") === true)).toBe(true);
    expect(requests).toHaveLength(7);
  });

  it("of the kind identity are posted, and are not in the URL", async () => {
    const { url, requests } = await server(({ path, headers }, response) => {
      if (path.startsWith("/token")) response.end(JSON.stringify({ access_token: "T" }));
      else if (headers.authorization === "Bearer T") present(response);
      else challenge(response, `Bearer realm="${url}/token",service="s"`);
    });
    await client(url, quick, { kind: "identity", token: "refresh" }).resolve("vm", "latest");
    const posted = requests.find(({ method }) => method === "POST");
    expect(posted?.path).toBe("/token");
    expect(Object.fromEntries(new URLSearchParams(posted?.body.toString()))).toEqual({
      grant_type: "refresh_token",
      client_id: "cocoon",
      refresh_token: "refresh",
      service: "s",
      scope: "repository:vms/vm:pull",
    });
  });

  it.each(["http://tokens.example.com/", "file:///x", "nowhere", "https://ada:x@tokens.example.com/"])(
    "do not go to the token service %s",
    async (realm) => {
      const { url, requests } = await server((_request, response) => {
        challenge(response, `Bearer realm="${realm}"`);
      });
      const failure = await failureOf(client(url, quick, ada).resolve("vm", "latest"));
      expect(failure.kind).toBe("malformed");
      expect(failure.message).toContain("token service that is neither https nor the registry itself");
      expect(requests).toHaveLength(1);
    },
  );

  it.each([
    ["401", 401, "", "unauthorized"],
    ["a page", 200, "<html>", "malformed"],
    ["a token that cannot be sent", 200, '{"token":"a\\r\\nb: c"}', "malformed"],
    ["500", 500, "", "unavailable"],
  ])("are lost on a token service that answers %s", async (_what, status, body, kind) => {
    const { url } = await server(({ path }, response) => {
      if (path.startsWith("/token")) response.writeHead(status).end(body);
      else challenge(response, `Bearer realm="${url}/token"`);
    });
    expect(await kindOf(client(url, quick, ada).resolve("vm", "latest"))).toBe(kind);
  });

  it("are not given to another host that asks for them", async () => {
    const { certPem, keyPem } = await generateSelfSignedCert("storage", "127.0.0.1");
    const asked: (string | undefined)[] = [];
    const storage = createServer({ cert: certPem, key: keyPem }, ({ headers, url: path }, response) => {
      asked.push(headers.authorization);
      if (path === "/token") response.end('{"token":"T"}');
      else challenge(response, `Bearer realm="${origin()}/token"`);
    }).listen(0, "127.0.0.1");
    const origin = (): string => `https://127.0.0.1:${(storage.address() as AddressInfo).port}`;
    onTestFinished(() => void storage.close());
    await once(storage, "listening");
    // At once, and not after a question of its own: then the other host's would be the first to be answered.
    const { url } = await server((_request, response) => {
      response.writeHead(307, { location: `${origin()}/content` }).end();
    });
    const failure = await failureOf(client(url, quick, ada, certPem).resolve("vm", "latest"));
    expect(failure.kind).toBe("unauthorized");
    expect(asked).toEqual([undefined]);
  });

  it("stay with the registry when it sends content or uploads to another host", async () => {
    const basic = `Basic ${Buffer.from("ada:secret").toString("base64")}`;
    const { url, requests } = await server(({ method, headers, path }, response) => {
      if (headers.authorization === undefined) challenge(response, 'Basic realm="r"');
      else if (method === "POST")
        response.writeHead(202, { location: "https://127.0.0.1:1/upload?x=1" }).end();
      else if (path.includes("/blobs/")) absent(response);
      else present(response);
    });
    const artifact = { config: { mediaType: "application/json", content: Buffer.from("{}") }, layers: [] };
    const failure = await failureOf(
      client(url, { retry: { attempts: 1 } }, ada).push("vm", "latest", artifact),
    );
    // Nothing listens there; what counts is that it was tried, and that no state of the registry is in the message.
    expect(failure.message).toContain("PUT https://127.0.0.1:1/upload: no answer");
    expect(requests.map(({ headers }) => headers.authorization)).toEqual([undefined, basic, basic]);
  });
});

describe("a tag that is to be deleted", () => {
  it("is left alone where it has another digest", async () => {
    const { url, requests } = await server((_request, response) => {
      present(response);
    });
    expect(await kindOf(client(url).deleteTag("vm", "hibernate", { ifDigest: sha256("y") }))).toBe("changed");
    expect(requests.map(({ method }) => method)).toEqual(["HEAD"]);
  });

  it("is asked for before each try, so that what was pushed meanwhile stays", async () => {
    const { url, requests } = await server(({ method }, response) => {
      const wasDeleted = requests.some((request) => request.method === "DELETE");
      // Deleted, and the answer lost; then somebody pushes.
      if (method === "DELETE") response.socket?.resetAndDestroy();
      else response.writeHead(200, { "docker-content-digest": wasDeleted ? sha256("new") : digest }).end();
    });
    expect(await kindOf(client(url).deleteTag("vm", "hibernate", { ifDigest: digest }))).toBe("changed");
    expect(requests.map(({ method }) => method)).toEqual(["HEAD", "DELETE", "HEAD"]);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ["405", (response) => response.writeHead(405).end()],
    ["400", (response) => response.writeHead(400).end('{"errors":[{"code":"DIGEST_INVALID"}]}')],
    ["UNSUPPORTED", (response) => response.writeHead(403).end('{"errors":[{"code":"UNSUPPORTED"}]}')],
    ["404 for a tag that is there", absent],
  ])("stays, and is not deleted by its digest, where the registry answers %s", async (_what, refuse) => {
    const { url, requests } = await server(({ method }, response) => {
      (method === "DELETE" ? refuse : present)(response);
    });
    expect(await kindOf(client(url).deleteTag("vm", "hibernate"))).toBe("unsupported");
    expect(requests.filter(({ method }) => method === "DELETE").map(({ path }) => path)).toEqual([
      "/v2/vms/vm/manifests/hibernate",
    ]);
  });
});
