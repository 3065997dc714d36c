import { expect, it } from "vitest";
import { signSession } from "../auth/index.js";
import { setup, type Logger } from "./setup.js";

function capture(level?: string): {
  log: Logger;
  lines: () => Record<string, unknown>[];
  text: () => string;
} {
  const written: string[] = [];
  const log = setup("LOG_LEVEL", {
    env: { LOG_LEVEL: level },
    destination: { write: (line) => void written.push(line) },
  });
  return {
    log,
    lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
    text: () => written.join(""),
  };
}

it("writes level, time and message, and nothing about the machine", () => {
  const { log, lines } = capture();
  log.warn({ uid: "u1" }, "refused");
  const [line] = lines();
  expect(line).toEqual({ level: "warn", time: expect.any(String) as string, uid: "u1", msg: "refused" });
  expect(new Date(String(line?.["time"])).toISOString()).toBe(line?.["time"]);
});

it("the variable decides the level", () => {
  const { log, lines } = capture("Warn");
  log.info("not this");
  log.error("this");
  expect(lines().map(({ msg }) => msg)).toEqual(["this"]);
  expect(() => capture("loud")).toThrow("LOG_LEVEL is 'loud'");
});

it("secrets never reach the log, however they are nested or spelled", () => {
  const { log, text } = capture();
  const fields = {
    token: "S3CRET",
    "access-token": "S3CRET",
    key: "S3CRET",
    privateKey: "S3CRET",
    tls_key: "S3CRET",
    headers: { Authorization: "Bearer S3CRET", cookie: "S3CRET", "set-cookie": ["S3CRET"] },
    list: [{ user: { password: "S3CRET", clientSecret: "S3CRET" } }],
    note: "sent Bearer S3CRET to the server",
    pem: "-----BEGIN EC PRIVATE KEY-----\nS3CRET\n-----END EC PRIVATE KEY-----",
    object: { spec: "S3CRET" },
    body: "S3CRET",
  };
  const error = Object.assign(new Error("failed with Bearer S3CRET", { cause: new Error("Bearer S3CRET") }), {
    config: { headers: { authorization: "S3CRET" } },
  });
  log.info(fields, "authorization was Bearer S3CRET");
  log.info("with %s and %j", "Bearer S3CRET", fields);
  log.error(error);
  log.error({ err: error, nested: { error } }, "failed");
  log.error({ err: new AggregateError([error]) }, "failed");
  log.child(fields).info("child");
  log.child({ a: 1 }).child(fields).info("grandchild");
  expect(text()).not.toContain("S3CRET");
  expect(text()).toContain('"token":"[redacted]"');
});

it.each(["sessionKey", "hmac_key", "secretKey", "AWS_SECRET_ACCESS_KEY", "encryption-key"])(
  "%s names a secret",
  (name) => {
    const { log, lines } = capture();
    log.info({ [name]: "x" }, "start");
    expect(lines()[0]).toMatchObject({ [name]: "[redacted]" });
  },
);

it("signed values never reach the log, whatever they are called", () => {
  const { log, lines } = capture();
  const cookie = signSession({ user: "alice", email: "", exp: 0 }, "k");
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const token = `${part({ alg: "RS256", kid: "1" })}.${part({ sub: "system:serviceaccount:a:b" })}.${"s".repeat(86)}`;
  log.info({ value: cookie, list: [`session=${cookie}; Path=/`] }, `got ${token}, and went on`);
  expect(lines()[0]).toMatchObject({
    value: "[redacted]",
    list: ["session=[redacted]; Path=/"],
    msg: "got [redacted], and went on",
  });
});

it("what only looks like a secret stays", () => {
  const { log, lines } = capture();
  log.info({ podKey: "ns/pod", tokens: 3, monkey: "george", keys: ["a"] }, "Bearer of news");
  expect(lines()[0]).toMatchObject({ podKey: "ns/pod", tokens: 3, monkey: "george", keys: ["a"] });
});

it("children add their fields to every line", () => {
  const { log, lines } = capture();
  log.child({ a: 1 }).child({ b: 2 }).info({ c: 3 }, "x");
  expect(lines()[0]).toMatchObject({ a: 1, b: 2, c: 3, msg: "x" });
});

it("errors keep type, message and stack under err", () => {
  const { log, lines } = capture();
  log.error({ err: new TypeError("broken") }, "failed");
  expect(lines()[0]).toMatchObject({
    msg: "failed",
    err: { type: "TypeError", message: "broken", stack: expect.stringContaining("setup.test.ts") as string },
  });
});

it("cycles, depth and big integers do not break a line", () => {
  const { log, lines } = capture();
  const cycle: Record<string, unknown> = { big: 10n };
  cycle["self"] = cycle;
  let deep: unknown = "end";
  for (let i = 0; i < 100; i++) deep = { deep };
  log.info({ cycle, deep, when: new Date(0), none: null, missing: undefined }, "odd");
  expect(lines()[0]).toMatchObject({
    cycle: { big: "10", self: "[circular]" },
    when: "1970-01-01T00:00:00.000Z",
    none: null,
  });
});
