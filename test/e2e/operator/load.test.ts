import { afterAll, beforeAll, describe, expect } from "vitest";
import { apiPath } from "../../support/api-path.js";
import { watchRequests } from "../../support/audit-log.js";
import { connectTo } from "../../support/connect-to.js";
import { until } from "../../support/eventually.js";
import { ForeignPods } from "../../support/foreign-pods.js";
import { inTurns } from "../../support/in-turns.js";
import { namespace } from "../../support/objects.js";
import { good } from "../../support/person.js";
import type { Place } from "../../support/platform/place.js";
import { Platform, scenario } from "../../support/platform/platform.js";
import { sharedControlPlane } from "../../support/shared-control-plane.js";

const plane = sharedControlPlane();
let running: Platform;
const platform = (): Platform => running;
beforeAll(async () => {
  running = await Platform.start(plane);
});
afterAll(async () => {
  await running.stop();
});

const sets = Array.from({ length: 20 }, (_, index) => `set-${index}`);
const foreignPods = 200;
const changesPerSecond = 20;
const operator = "system:serviceaccount:cocoon-system:cocoon-operator";

/** How many objects the operator holds. */
async function held(place: Place): Promise<{ readonly sets: number; readonly pods: number }> {
  const metrics = await place.platform.operator.metrics();
  const of = (resource: string): number =>
    metrics.get(`cocoon_operator_informer_objects{resource="${resource}"}`) ?? Number.NaN;
  return { sets: of("cocoonsets"), pods: of("pods") };
}

/** How many sets are in each phase, of what they ask for now; those that say nothing have none. */
async function phases(place: Place): Promise<Readonly<Record<string, number>>> {
  const list = await good(plane.request("GET", apiPath("CocoonSet", place.ns)));
  const counts: Record<string, number> = {};
  for (const { metadata, status } of (list as { readonly items: readonly Listed[] }).items) {
    const phase = status?.observedGeneration === metadata.generation ? status.phase : "none";
    counts[phase] = (counts[phase] ?? 0) + 1;
  }
  return counts;
}

interface Listed {
  readonly metadata: { readonly generation: number };
  readonly status?: { readonly phase: string; readonly observedGeneration: number };
}

/** A crowd takes a machine that is busy otherwise so much longer. */
const patienceMs = 300_000;

describe("a crowd of CocoonSets in a cluster of others' pods", () => {
  scenario(
    "40: comes up, and nothing is held of pods that are not theirs",
    platform,
    async (place) => {
      const elsewhere = `${place.ns}-elsewhere`;
      await good(plane.request("POST", "/api/v1/namespaces", namespace(elsewhere)));
      const connection = await connectTo(plane);
      const requests = await watchRequests(plane, operator);
      try {
        const foreign = await ForeignPods.create({ connection, ns: elsewhere, count: foreignPods });
        const stop = foreign.churn(changesPerSecond);
        await inTurns(8, sets, (name) =>
          place.createSet(name, { agent: { replicas: 2 }, snapshotPolicy: "never" }),
        );
        await until(
          "not every set runs",
          () => phases(place),
          ({ Running = 0 }) => Running === sets.length,
          patienceMs / 2,
        );
        expect(await held(place)).toEqual({ sets: sets.length, pods: 3 * sets.length });
        expect(foreign.changes).toBeGreaterThan(0);

        place.giveUp(...sets.flatMap((name) => [0, 1, 2].map((slot) => `${name}-${slot}`)));
        await good(plane.request("DELETE", apiPath("CocoonSet", place.ns)));
        await until(
          "something is still held",
          () => held(place),
          (counts) => counts.sets + counts.pods === 0,
          patienceMs / 2,
        );
        await stop();
      } finally {
        await connection.close();
        await good(plane.request("DELETE", `/api/v1/namespaces/${elsewhere}`));
      }
      expect((await requests()).filter((request) => request.namespace === elsewhere)).toEqual([]);
    },
    patienceMs,
  );
});
