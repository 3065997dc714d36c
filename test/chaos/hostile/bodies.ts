import { gzipSync } from "node:zlib";
import { admissionRequest, reviewOf } from "../../support/admission-request.js";
import { cocoonToleration, pod } from "../../support/objects.js";
import { decisionIn, head, inWords, post, send } from "../core/raw.js";
import type { Hostile, Target } from "./hostile.js";

const mebibyte = 2 ** 20;

/** A review whose object is this text. */
const reviewWith = (kind: string, object: string): string =>
  reviewOf(admissionRequest(kind, { object: "OBJECT" })).replace('"OBJECT"', object);

const stray = '"spec":{"tolerations":[{"key":"virtual-kubelet.io/provider"}]}';
const owner =
  '"metadata":{"ownerReferences":[{"kind":"CocoonSet","apiVersion":"cocoonset.cocoonstack.io/v1"}]}';

/** Sends a body as it should be sent, and says what was decided. */
const decided =
  (body: string | Buffer, path?: string) =>
  async ({ port }: Target): Promise<string> =>
    decisionIn(await send(port, post(body, path)));

/** The same for what is not even decided on. */
const answered =
  (bytes: string | Buffer) =>
  async ({ port }: Target): Promise<string> =>
    inWords(await send(port, bytes));

const refusedUnread =
  (bytes: string): ((target: Target) => Promise<string>) =>
  async ({ port }) =>
    inWords(await send(port, bytes, { untilClosed: true }));

const zeros = gzipSync(Buffer.alloc(50 * mebibyte));
const many = (count: number, item: (index: number) => object): readonly object[] =>
  Array.from({ length: count }, (_, index) => item(index));

/** What is in the bodies. */
export const bodies: readonly Hostile[] = [
  {
    name: "a body of 1 GiB, by its declared length",
    expected: "413, unread, and the connection closed",
    fits: /^413, closed$/,
    attack: refusedUnread(head(`Content-Length: ${1024 * mebibyte}`)),
  },
  {
    name: "a body of 11 MiB without a length",
    expected: "413 at the limit, and the connection closed",
    fits: /^(413|no answer), closed$/,
    attack: async ({ port }: Target): Promise<string> => {
      const chunk = `100000\r\n${"x".repeat(mebibyte)}\r\n`;
      const bytes = [head("Transfer-Encoding: chunked"), ...many(11, () => ({})).map(() => chunk)];
      return inWords(await send(port, bytes, { untilClosed: true }));
    },
  },
  {
    name: "another content type",
    expected: "415, and the connection closed",
    fits: /^415, closed$/,
    attack: refusedUnread(
      "POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\n",
    ),
  },
  {
    name: "a gzip bomb of 50 MiB",
    expected: "415, not unpacked, and the connection closed",
    fits: /^415, closed$/,
    attack: async ({ port }: Target): Promise<string> =>
      inWords(await send(port, post(zeros, "/mutate", "Content-Encoding: gzip"), { untilClosed: true })),
  },
  {
    name: "lists nested a million deep",
    expected: "400 before it is parsed",
    fits: /^400$/,
    attack: answered(post(reviewWith("Pod", `{"x":${"[".repeat(1e6)}${"]".repeat(1e6)},${stray}}`))),
  },
  {
    name: "10 MB of opening brackets",
    expected: "400 before it is parsed",
    fits: /^400$/,
    attack: answered(post("[".repeat(10_000_000))),
  },
  {
    name: "numbers of a million digits, and beyond 64 bits",
    expected: "decided as without them: refused",
    fits: /^refused 403$/,
    attack: decided(reviewWith("Pod", `{"x":${"9".repeat(1e6)},"y":1e999999,"z":-1e-999999,${stray}}`)),
  },
  {
    name: "replicas of 1e999, and of 2^63",
    expected: "skipped: no API server sends such",
    fits: /^allowed$/,
    attack: decided(
      reviewOf(admissionRequest("Deployment", { operation: "UPDATE", oldObject: "OLD", object: "NEW" }))
        .replace('"OLD"', `{"spec":{"replicas":1e999,"template":{${stray}}}}`)
        .replace('"NEW"', `{"spec":{"replicas":9223372036854775808,"template":{${stray}}}}`),
      "/validate",
    ),
  },
  {
    name: "duplicate keys, the first one harmless",
    expected: "the last one counts, as for the API server: refused",
    fits: /^refused 403$/,
    attack: decided(reviewWith("Pod", `{"spec":{"tolerations":[]},${stray}}`)),
  },
  {
    name: "an owner by `__proto__` and `constructor`",
    expected: "lends nothing: refused",
    fits: /^refused 403$/,
    attack: decided(
      reviewWith("Pod", `{"__proto__":{${owner}},"constructor":{"prototype":{${owner}}},${stray}}`),
    ),
  },
  {
    name: "lone surrogates in names",
    expected: "decided as any name: refused",
    fits: /^refused 403$/,
    attack: decided(reviewWith("Pod", `{"metadata":{"name":"\\ud800"},"x":"\\udfff\\ud800",${stray}}`)),
  },
  {
    name: "invalid UTF-8",
    expected: "400",
    fits: /^400$/,
    attack: answered(
      post(Buffer.concat([Buffer.from(`{"x":"`), Buffer.from([0xff, 0xc0]), Buffer.from(`"}`)])),
    ),
  },
  {
    name: "a pod of 100,000 tolerations, the last one cocoon's",
    expected: "refused",
    fits: /^refused 403$/,
    attack: decided(
      reviewOf(
        admissionRequest("Pod", {
          object: pod("p", {
            tolerations: [...many(100_000, (index) => ({ key: `k${index}` })), cocoonToleration],
          }),
        }),
      ),
    ),
  },
  {
    name: "a CocoonSet of 100,000 toolboxes, all wrong",
    expected: "refused, with the first hundred faults",
    fits: /^refused 422$/,
    attack: decided(
      reviewOf(
        admissionRequest("CocoonSet", {
          object: { spec: { toolboxes: many(100_000, () => ({ name: "A" })) } },
        }),
      ),
      "/validate-cocoonset",
    ),
  },
  {
    name: "a name of 9 MB",
    expected: "refused in less than a kilobyte of words",
    fits: /^refused 403 in less than 1 kB$/,
    attack: async ({ port }: Target): Promise<string> => {
      const exchange = await send(
        port,
        post(reviewOf(admissionRequest("Pod", { object: pod("p".repeat(9e6)) }))),
      );
      return `${decisionIn(exchange)} in ${exchange.text.length < 1024 ? "less" : "more"} than 1 kB`;
    },
  },
  {
    name: "60 bodies of 9 MB at once, their last byte held back",
    expected: "as many as MAX_BODIES_BYTES holds are kept, and get 408 in the end; the others are cut off",
    fits: /^some kept, others not$/,
    attack: async ({ port, isShort }: Target): Promise<string> => {
      const body = post("x".repeat(9e6)).subarray(0, -1);
      const all = await Promise.all(
        many(isShort ? 20 : 60, () => ({})).map(() => send(port, body, { untilClosed: true })),
      );
      // Who is refused with 503 while still sending may lose the answer with the connection.
      const kept = all.filter(({ statuses }) => statuses.includes(408)).length;
      return `${kept > 0 ? "some" : "none"} kept, ${kept < all.length ? "others not" : "none refused"}`;
    },
  },
];
