import { describe, expect } from "vitest";
import { identities } from "../../controlplane/index.js";
import { apiPath } from "../../support/api-path.js";
import { watchRequests } from "../../support/audit-log.js";
import { connectTo } from "../../support/connect-to.js";
import { until } from "../../support/eventually.js";
import { ForeignPods } from "../../support/foreign-pods.js";
import { inTurns } from "../../support/in-turns.js";
import { namespace } from "../../support/objects.js";
import { good } from "../../support/person.js";
import type { Place } from "../../support/platform/place.js";
import { scenario } from "../../support/platform/scenario.js";
import { sharedPlatform } from "../../support/platform/shared-platform.js";
import { Teardown } from "../../support/teardown.js";

const platform = sharedPlatform();

const sets = Array.from({ length: 20 }, (_, index) => `set-${index}`);
const foreignPods = 200;
const changesPerSecond = 20;

/** A crowd takes a machine that is busy otherwise so much longer. */
const crowdMs = 300_000;

/** How many objects the operator holds. */
async function held(place: Place): Promise<{ readonly sets: number; readonly pods: number }> {
  const metrics = await place.platform.operator.metrics();
  const of = (resource: string): number =>
    metrics.get(`cocoon_operator_informer_objects{resource="${resource}"}`) ?? Number.NaN;
  return { sets: of("cocoonsets"), pods: of("pods") };
}

/** How many sets are in each phase, of what they ask for now; those that say nothing have none. */
async function phases({ platform: { plane }, ns }: Place): Promise<Readonly<Record<string, number>>> {
  const list = await good(plane.request("GET", apiPath("CocoonSet", ns)));
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

/** Brings all sets up, and asks for the end of all of them at once. */
async function comeAndGo(place: Place): Promise<void> {
  await inTurns(8, sets, (name) =>
    place.createSet(name, { agent: { replicas: 2 }, snapshotPolicy: "never" }),
  );
  await until(
    "not every set runs",
    () => phases(place),
    ({ Running = 0 }) => Running === sets.length,
    crowdMs / 2,
  );
  // The objects of earlier scenarios may be on their way out.
  await until(
    "the operator does not hold these sets and their pods alone",
    () => held(place),
    (counts) => counts.sets === sets.length && counts.pods === 3 * sets.length,
  );

  place.giveUp(...sets.flatMap((name) => [0, 1, 2].map((slot) => `${name}-${slot}`)));
  await good(place.platform.plane.request("DELETE", apiPath("CocoonSet", place.ns)));
  await until(
    "something is still held",
    () => held(place),
    (counts) => counts.sets + counts.pods === 0,
    crowdMs / 2,
  );
}

describe("a crowd of CocoonSets in a cluster of others' pods", () => {
  scenario(
    "40: comes up and goes all at once, and nothing is held of pods that are not theirs",
    platform,
    async (place) => {
      await using teardown = new Teardown();
      const { plane } = place.platform;
      const elsewhere = `${place.ns}-elsewhere`;
      await good(plane.request("POST", "/api/v1/namespaces", namespace(elsewhere)));
      teardown.defer(() => good(plane.request("DELETE", `/api/v1/namespaces/${elsewhere}`)));
      const connection = await teardown.adopt(connectTo(plane), (opened) => opened.close());
      const requests = await watchRequests(plane, identities.operator.user);
      const foreign = await ForeignPods.create({ connection, ns: elsewhere, count: foreignPods });
      await foreign.churnDuring(changesPerSecond, () => comeAndGo(place));
      expect(foreign.changes).toBeGreaterThan(0);
      expect((await requests()).filter((request) => request.namespace === elsewhere)).toEqual([]);
    },
    crowdMs,
  );
});
