import { describe, expect, it } from "vitest";
import {
  failure,
  ScriptedConnection,
  type ScriptedAnswer,
} from "../../../../test/support/scripted-connection.js";
import { AnnotationWriter } from "./annotation-writer.js";
import { noInterference } from "./interference.js";
import type { Pod } from "./pod.js";

const pod = (annotations: Readonly<Record<string, string>> = {}): Pod => ({
  metadata: { namespace: "shop", name: "demo-0", uid: "u-1", resourceVersion: "1", annotations },
});
const { signal } = new AbortController();

/** A writer whose requests are answered one after the other, and then well. */
function writer(answers: readonly ScriptedAnswer[] = [], withheldMs: (key: string) => number = () => 0) {
  const left = [...answers];
  const api = new ScriptedConnection(() => left.shift() ?? { status: 200 });
  const repairs: number[] = [];
  const errors: unknown[] = [];
  const annotations = new AnnotationWriter({
    api,
    interference: { ...noInterference, withheldMs: (_, key) => withheldMs(key) },
    repairIn: (delayMs) => repairs.push(delayMs),
    onError: (error) => errors.push(error),
  });
  const sent = (): unknown[] => api.requests.map(({ body }) => JSON.parse(body ?? "") as unknown);
  return { annotations, sent, repairs, errors };
}

describe("an annotation writer", () => {
  it("writes all in one patch, to this very pod", async () => {
    const { annotations, sent, repairs } = writer();
    await annotations.write(pod(), { a: "1", b: null }, signal);
    expect(sent()).toEqual([{ metadata: { uid: "u-1", annotations: { a: "1", b: null } } }]);
    expect(repairs).toEqual([]);
  });

  it("tries three times, and then leaves it to a repair", async () => {
    const conflict = failure(409, "Conflict", "somebody else wrote");
    const { annotations, sent, repairs, errors } = writer([conflict, "no answer", conflict]);
    await annotations.write(pod(), { a: "1" }, signal);
    expect([sent().length, errors.length, repairs]).toEqual([3, 3, [15_000]]);
    await annotations.repair(pod(), signal);
    expect(sent().at(-1)).toEqual({ metadata: { uid: "u-1", annotations: { a: "1" } } });
  });

  it("has nothing to do for a pod that is gone", async () => {
    const { annotations, sent, repairs } = writer([failure(404, "NotFound", "gone")]);
    await annotations.write(pod(), { a: "1" }, signal);
    expect([sent().length, repairs]).toEqual([1, []]);
  });

  it("repairs what differs, and nothing else", async () => {
    const { annotations, sent } = writer();
    await annotations.write(pod(), { a: "1", b: "2", c: null }, signal);
    await annotations.repair(pod({ a: "1", b: "old", other: "x" }), signal);
    await annotations.repair(pod({ a: "1", b: "2" }), signal);
    expect(sent().slice(1)).toEqual([{ metadata: { uid: "u-1", annotations: { b: "2" } } }]);
  });

  it("keeps back what is withheld, until then", async () => {
    let isLate = true;
    const { annotations, sent, repairs } = writer([], (key) => (key === "late" && isLate ? 700 : 0));
    await annotations.write(pod(), { now: "1", late: "2" }, signal);
    expect([sent(), repairs]).toEqual([[{ metadata: { uid: "u-1", annotations: { now: "1" } } }], [700]]);
    isLate = false;
    await annotations.repair(pod({ now: "1" }), signal);
    expect(sent().at(-1)).toEqual({ metadata: { uid: "u-1", annotations: { late: "2" } } });
  });
});
