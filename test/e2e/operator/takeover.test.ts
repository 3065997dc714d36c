import { readHibernateState } from "@cocoonstack/common/meta";
import { beforeEach, describe, expect } from "vitest";
import { apiPath } from "../../support/api-path.js";
import { until } from "../../support/eventually.js";
import { good } from "../../support/person.js";
import { textOf } from "../../support/documents/pages.js";
import { conditionOf } from "../../support/platform/cocoon-objects.js";
import type { Place } from "../../support/platform/place.js";
import { referencePods } from "../../support/platform/reference-pods.js";
import { soleScenario } from "../../support/platform/scenario.js";
import { sharedPlatform } from "../../support/platform/shared-platform.js";
import { must } from "../../support/registered-webhook.js";
import { find, render } from "../../support/rendered.js";

// What the reference operator leaves, and this one takes over. The reference is played by hand, while no operator runs.

const platform = sharedPlatform();
beforeEach(async () => {
  await platform().operator.end();
});

const group = "cocoonset.cocoonstack.io";
const hashKey = `${group}/template-hash`;
const box = { name: "box", image: "ghcr.io/cocoonstack/box:1" };
const gateway = { name: "gw", mode: "static", staticIP: "10.0.0.9", staticVMID: "vm-9", vncPort: 5900 };
/** VMs that sleep and wake. */
const members = ["demo-0", "demo-1", "demo-2", "demo-box"];
const everyPod = [...members, "demo-gw"];
const asked = { "vm.cocoonstack.io/hibernate": "true" };

const patch = (
  place: Place,
  kind: "CocoonSet" | "CocoonHibernation",
  name: string,
  change: object,
): Promise<unknown> =>
  good(
    platform().plane.request("PATCH", apiPath(kind, place.ns, name), change, {
      contentType: "application/merge-patch+json",
    }),
  );

/** The set `demo` with its pods, as the reference has it once it runs. */
async function leaveRunning(place: Place, spec: object = {}): Promise<void> {
  await place.createSet("demo", { agent: { replicas: 2 }, toolboxes: [box, gateway], ...spec });
  await patch(place, "CocoonSet", "demo", { metadata: { finalizers: [`${group}/finalizer`] } });
  const set = await place.until("CocoonSet", "demo", "there", () => true);
  const [main, ...others] = referencePods(set, platform().pool);
  const create = (pod: object | undefined): Promise<unknown> =>
    good(platform().plane.request("POST", apiPath("Pod", place.ns), pod));
  await create(main);
  // The others are forked from it.
  await place.pods.untilIn("demo-0", "ready", 1);
  await Promise.all(others.map(create));
}

const untilAll = (place: Place, state: string, generation: number): Promise<unknown> =>
  Promise.all(members.map((name) => place.pods.untilIn(name, state, generation)));

/** The same set once it is suspended: everything is asked to sleep, static toolboxes too. */
async function leaveSuspended(place: Place): Promise<void> {
  await leaveRunning(place);
  await untilAll(place, "ready", 1);
  await place.editSet("demo", { suspend: true });
  const order = { [`${group}/generation`]: "2", ...asked };
  for (const name of everyPod) await place.pods.annotate(name, order);
  await untilAll(place, "hibernated", 2);
  await place.rewriteStatus("CocoonSet", "demo", { phase: "Suspended", observedGeneration: 2 });
}

const uidsOf = (place: Place): Promise<readonly unknown[]> =>
  Promise.all(everyPod.map(async (name) => (await place.pods.get(name))?.metadata.uid));

/** What the operator does to pods besides patches, in short. */
async function creationsAndDeletions(
  writes: Awaited<ReturnType<Place["watchWrites"]>>,
): Promise<readonly string[]> {
  return (await writes())
    .filter(({ verb, on }) => verb !== "patch" && on.startsWith("pods/"))
    .map(({ verb, on }) => `${verb} ${on}`);
}

describe("what the reference operator leaves is taken over", () => {
  soleScenario("a set that runs, and no pod is made again", platform, async (place) => {
    await leaveRunning(place);
    await untilAll(place, "ready", 1);
    const before = await uidsOf(place);
    const writes = await place.watchWrites();
    await platform().startOperator();
    await place.untilPhase("CocoonSet", "demo", "Running");
    for (const name of everyPod) {
      await place.pods.until(name, "adopted", ({ metadata }) => metadata.annotations[hashKey] !== undefined);
    }
    expect(await creationsAndDeletions(writes)).toEqual([]);
    expect(await uidsOf(place)).toEqual(before);
    for (const name of members) expect(place.startsOf(name)).toHaveLength(1);
  });

  soleScenario("a set that sleeps, with the state of every VM", platform, async (place) => {
    await leaveSuspended(place);
    const before = await uidsOf(place);
    await platform().startOperator();
    await place.untilPhase("CocoonSet", "demo", "Suspended");
    await place.pods.until("demo-gw", "asked no more", (pod) => !readHibernateState(pod));
    expect(await uidsOf(place)).toEqual(before);
    // What it has seen for itself it brings back, too.
    await place.pods.remove("demo-1");
    await place.pods.until("demo-1", "made again", ({ metadata }) => metadata.uid !== before[1]);
    await place.pods.untilIn("demo-1", "hibernated", 2);
    await place.editSet("demo", { suspend: false });
    await place.untilPhase("CocoonSet", "demo", "Running");
    for (const name of members) {
      expect(place.startsOf(name).slice(1)).not.toContain("image");
      await place.untilNoTag(name, "hibernate");
    }
  });

  soleScenario("a set that sleeps and whose pods are gone, from its snapshots", platform, async (place) => {
    await leaveSuspended(place);
    for (const name of ["demo-0", "demo-2"]) {
      place.platform.contents.rest(place.vmName(name));
      await place.pods.remove(name);
      await place.pods.untilGone(name);
    }
    await platform().startOperator();
    await place.pods.untilIn("demo-0", "hibernated", 2);
    await place.editSet("demo", { suspend: false });
    await place.untilPhase("CocoonSet", "demo", "Running");
    expect(place.startsOf("demo-0")).toEqual(["image", "snapshot", "snapshot"]);
    expect(place.startsOf("demo-2").slice(1)).not.toContain("vm");
  });

  soleScenario("a VM that a CocoonHibernation lets sleep", platform, async (place) => {
    await leaveRunning(place);
    await untilAll(place, "ready", 1);
    await place.createHibernation("demo-1", "demo-1", "Hibernate");
    await patch(place, "CocoonHibernation", "demo-1", {
      metadata: { finalizers: [`cocoonhibernation.${group}/finalizer`] },
    });
    await place.pods.annotate("demo-1", asked);
    await place.pods.untilIn("demo-1", "hibernated", 1);
    const vmName = place.vmName("demo-1");
    await place.rewriteStatus("CocoonHibernation", "demo-1", {
      phase: "Hibernated",
      vmName,
      observedGeneration: 1,
    });
    await platform().startOperator();
    await place.untilReason("CocoonHibernation", "demo-1", "Ready", "Hibernated");
    await place.remove("CocoonHibernation", "demo-1");
    await place.untilGone("CocoonHibernation", "demo-1");
    await place.untilPhase("CocoonSet", "demo", "Running");
    expect(place.startsOf("demo-1")).toEqual(["vm", "snapshot"]);
    await place.untilNoTag("demo-1", "hibernate");
  });

  soleScenario("a dead letter, which stays one until it is mended", platform, async (place) => {
    place.setFaults({ "demo-2": { fail: ["start"] } });
    await leaveRunning(place);
    await place.pods.untilIn("demo-2", "failed", 1);
    await place.pods.annotate("demo-2", { [`${group}/dead-letter`]: "true" });
    const history = { 2: { count: 4, lastDeleted: "2026-01-01T00:00:00.123456789Z" } };
    await place.annotate("CocoonSet", "demo", { [`${group}/rebuild-history`]: JSON.stringify(history) });
    const uid = (await place.pods.get("demo-2"))?.metadata.uid;
    await platform().startOperator();
    const said = await place.untilReason("CocoonSet", "demo", "Degraded", "DeadLetter");
    expect(conditionOf(said, "Degraded")?.message).toContain(
      "pod demo-2 (sub-agent 2) failed again after 4 rebuilds",
    );
    expect((await place.pods.get("demo-2"))?.metadata.uid).toBe(uid);
    // One more try, and no four.
    await place.pods.remove("demo-2");
    const next = await place.pods.until(
      "demo-2",
      "a dead letter again",
      ({ metadata }) => metadata.uid !== uid && metadata.annotations[`${group}/dead-letter`] === "true",
    );
    place.setFaults({});
    await place.pods.untilIn("demo-2", "ready", 1);
    expect((await place.pods.get("demo-2"))?.metadata.uid).toBe(next.metadata.uid);
  });

  soleScenario("a deletion that is half done, to its end", platform, async (place) => {
    await leaveRunning(place, { snapshotPolicy: "main-only" });
    await untilAll(place, "ready", 1);
    place.giveUp("demo-1", "demo-2", "demo-box");
    // Of a slot that was scaled away: the reference writes such names down with the others.
    const content = place.contentOf("demo-2");
    if (content !== undefined) await place.pushTag("demo-2", "hibernate", content);
    await place.annotate("CocoonSet", "demo", {
      [`${group}/delete-vm-names`]: everyPod.map((name) => place.vmName(name)).join(","),
    });
    await place.remove("CocoonSet", "demo");
    for (const name of ["demo-2", "demo-box"]) {
      await place.pods.remove(name);
      await place.pods.untilGone(name);
    }
    await platform().startOperator();
    await place.untilGone("CocoonSet", "demo");
    expect(await place.pods.names()).toEqual([]);
    for (const name of ["demo-1", "demo-2", "demo-box"]) {
      expect(await place.tag(name, "latest")).toBeUndefined();
      await place.untilNoTag(name, "hibernate");
    }
    expect(await place.tag("demo-0", "latest")).toEqual(place.contentOf("demo-0"));
    await until(
      "VMs run on",
      () => Promise.resolve(platform().contents.running(place.ns)),
      (names) => names.length === 0,
    );
  });
});

describe("the reference's Deployment", () => {
  const names = async (place: Place): Promise<readonly string[]> => {
    const { body } = await platform().plane.request(
      "GET",
      apiPath("Deployment", place.ns, "cocoon-operator"),
    );
    return (body as Deployment).spec.template.spec.containers.map(({ name }) => name);
  };
  /** What somebody does with a Deployment in this place. */
  const kubectl = async (place: Place, command: readonly string[], object: object): Promise<string> => {
    const { code, stderr } = await platform().plane.kubectl(["-n", place.ns, ...command, "-f", "-"], {
      stdin: JSON.stringify(object),
    });
    return code === 0 ? "" : stderr;
  };
  const ours = async (place: Place): Promise<object> => {
    const { objects } = await render(platform().plane, "config/operator");
    const { metadata, ...deployment } = find(objects, "Deployment", "cocoon-operator");
    return { ...deployment, metadata: { ...metadata, namespace: place.ns } };
  };

  soleScenario("is replaced where it was applied", platform, async (place) => {
    expect(await kubectl(place, ["apply"], theirs())).toBe("");
    expect(await kubectl(place, ["apply"], await ours(place))).toBe("");
    expect(await names(place)).toEqual(["operator"]);
  });

  soleScenario("keeps its container where it was not, so it is deleted first", platform, async (place) => {
    expect(await kubectl(place, ["create"], theirs())).toBe("");
    expect(await kubectl(place, ["apply"], await ours(place))).toBe("");
    expect([...(await names(place))].sort()).toEqual(["manager", "operator"]);
    await must(platform().plane.kubectl(["-n", place.ns, "delete", "deployment", "cocoon-operator"]));
    expect(await kubectl(place, ["apply"], await ours(place))).toBe("");
    expect(await names(place)).toEqual(["operator"]);
  });

  soleScenario(
    "is in the way where its selector is another, as docs/takeover.md says",
    platform,
    async (place) => {
      expect(await kubectl(place, ["apply"], theirs({ release: "vms" }))).toBe("");
      const refusal = await kubectl(place, ["apply"], await ours(place));
      const [, said = ""] =
        /`(The Deployment "cocoon-operator" is invalid: [^`]*)`/.exec(textOf("docs/takeover.md")) ?? [];
      const parts = said.split("…");
      expect(parts.length).toBeGreaterThan(1);
      expect(parts.filter((part) => !refusal.includes(part))).toEqual([]);
    },
  );
});

interface Deployment {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly { readonly name: string }[] } };
  };
}

/** A Deployment of the reference operator, as its manifests have it, but for what does not matter here. */
function theirs(more: Readonly<Record<string, string>> = {}): object {
  const matchLabels = { "app.kubernetes.io/name": "cocoon-operator", ...more };
  const labels = { ...matchLabels, "app.kubernetes.io/component": "controller" };
  const image = "ghcr.io/cocoonstack/cocoon-operator:latest";
  return {
    ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "cocoon-operator", labels } },
    spec: {
      replicas: 0,
      selector: { matchLabels },
      template: { metadata: { labels }, spec: { containers: [{ name: "manager", image }] } },
    },
  };
}
