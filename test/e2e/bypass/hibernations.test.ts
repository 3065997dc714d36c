import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApiResponse } from "../../controlplane/index.js";
import { apiPath } from "../../support/api-path.js";
import { installCrds, installPermissiveCrd } from "../../support/crds.js";
import { eventually } from "../../support/eventually.js";
import { inTurns } from "../../support/in-turns.js";
import { hibernation } from "../../support/objects.js";
import { closeNamespace, good, messageOf, openNamespace, person } from "../../support/person.js";
import { must, type RegisteredWebhook, registerWebhook } from "../../support/registered-webhook.js";
import { sharedControlPlane } from "../../support/shared-control-plane.js";

const plane = sharedControlPlane();
const ns = "bypass-hibernations";
const crowded = `${ns}-crowded`;
const damaged = `${ns}-damaged`;
const alice = person(plane, ns, "alice");
let registered: RegisteredWebhook;

const create = (name: string, podName?: string, by = alice): Promise<ApiResponse> =>
  by.create("CocoonHibernation", hibernation(name, podName));

beforeAll(async () => {
  await installPermissiveCrd(plane, "cocoonhibernations");
  await Promise.all([ns, crowded, damaged].map((name) => openNamespace(plane, name)));
  // What the rules for names would refuse has to be there before the webhook is.
  await good(create("old-name", "demo-old"));
  const many = Array.from({ length: 520 }, (_, index) => String(index).padStart(3, "0"));
  await inTurns(20, many, (id) => good(create(`h-${id}`, `pod-${id}`, person(plane, crowded, "alice"))));
  const undecodable = { ...hibernation("damaged"), spec: { desire: "Hibernate" } };
  await good(person(plane, damaged, "alice").create("CocoonHibernation", undecodable));
  await installCrds(plane);
  registered = await registerWebhook(plane);
  return () => registered[Symbol.asyncDispose]();
});
afterAll(() => Promise.all([ns, crowded, damaged].map((name) => closeNamespace(plane, name))));

/** The causes of a 422. */
const causesOf = ({ body }: ApiResponse): unknown =>
  (body as { details?: { causes?: unknown } }).details?.causes;

describe("a new hibernation", () => {
  it("a hibernation whose name differs from its pod is refused", async () => {
    const answer = await create("sleep", "demo-0");
    expect(answer).toMatchObject({ status: 422, body: { reason: "Invalid" } });
    expect(causesOf(answer)).toMatchObject([{ reason: "FieldValueInvalid", field: "spec.podRef.name" }]);
    expect(messageOf(answer)).toContain('set metadata.name to "demo-0"');
  });

  it("a second hibernation for a pod that one of another name speaks for is refused", async () => {
    const answer = await create("demo-old");
    expect(answer).toMatchObject({ status: 422, body: { reason: "Invalid" } });
    expect(causesOf(answer)).toMatchObject([{ reason: "FieldValueDuplicate", field: "spec.podRef.name" }]);
    expect(messageOf(answer)).toContain('CocoonHibernation "old-name" speaks for pod "demo-old" already');
  });

  it("a second hibernation is refused while the first is terminating", async () => {
    await good(alice.patch("CocoonHibernation", "old-name", { metadata: { finalizers: ["example.com/x"] } }));
    await good(alice.remove("CocoonHibernation", "old-name"));
    const answer = await create("demo-old");
    expect(answer.status).toBe(422);
    expect(messageOf(answer)).toContain("is still being deleted: wait until it is gone");
    await good(alice.patch("CocoonHibernation", "old-name", { metadata: { finalizers: null } }));
    await good(create("demo-old"));
  });

  it("a hibernation whose conflict stands on the second page of more than 500 is refused", async () => {
    const answer = await create("pod-519", undefined, person(plane, crowded, "alice"));
    expect(answer.status).toBe(422);
    expect(messageOf(answer)).toContain('CocoonHibernation "h-519" speaks for pod "pod-519" already');
    await good(create("pod-520", undefined, person(plane, crowded, "alice")));
  });

  it("a hibernation whose pod reference is edited is refused by the CRD", async () => {
    await good(create("edited"));
    await good(alice.patch("CocoonHibernation", "edited", { spec: { desire: "Wake" } }));
    const answer = await alice.patch("CocoonHibernation", "edited", { spec: { podRef: { name: "other" } } });
    expect(answer.status).toBe(422);
    expect(messageOf(answer)).toContain("podRef never changes");
  });
});

describe("hibernations created at the same instant", () => {
  it("two hibernations created at the same instant for one pod: exactly one exists afterwards", async () => {
    const pods = Array.from({ length: 15 }, (_, index) => `same-${index}`);
    for (const pod of pods) {
      const names = [pod, `${pod}-b`, pod, `${pod}-a`];
      const answers = await Promise.all(names.map((name) => create(name, pod)));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 422, 422]);
    }
    const { items } = (await good(plane.request("GET", apiPath("CocoonHibernation", ns)))) as {
      items: { spec: { podRef: { name: string } } }[];
    };
    const named = items.map(({ spec }) => spec.podRef.name).filter((name) => name.startsWith("same-"));
    expect(named.sort()).toEqual(pods.sort());
  });
});

describe("hibernations that cannot be checked", () => {
  it("an existing hibernation that does not decode is a 500 that names it, never skipped", async () => {
    const there = person(plane, damaged, "alice");
    const answer = await create("demo-0", undefined, there);
    expect(answer).toMatchObject({ status: 500, body: { reason: "InternalError" } });
    expect(messageOf(answer)).toContain(
      `CocoonHibernation ${damaged}/damaged does not say by spec.podRef.name`,
    );
    await good(there.remove("CocoonHibernation", "damaged"));
    await good(create("demo-0", undefined, there));
  });

  it("without the right to list hibernations a new one is refused with clear words", async () => {
    const role = ["clusterrole", "cocoon-webhook", "--type=json", "-p"];
    const rules = await must(
      plane.kubectl(["get", "clusterrole", "cocoon-webhook", "-o", "jsonpath={.rules}"]),
    );
    const kept = (JSON.parse(rules) as { resources: string[] }[]).filter(
      ({ resources }) => !resources.includes("cocoonhibernations"),
    );
    const patch = (value: unknown): string => JSON.stringify([{ op: "replace", path: "/rules", value }]);
    await must(plane.kubectl(["patch", ...role, patch(kept)]));
    try {
      const dryRun = `${apiPath("CocoonHibernation", ns)}?dryRun=All`;
      const answer = await eventually(
        () => plane.request("POST", dryRun, hibernation("unchecked"), { as: "alice" }),
        ({ status }) => status !== 201,
      );
      expect(answer).toMatchObject({ status: 503, body: { reason: "ServiceUnavailable" } });
      expect(messageOf(answer)).toContain(
        `CocoonHibernation ${ns}/unchecked cannot be created now: whether another one speaks for its pod could not be ` +
          "checked (the webhook may not read it: its account lacks the rights of config/rbac); try again",
      );
    } finally {
      await must(plane.kubectl(["patch", ...role, patch(JSON.parse(rules))]));
    }
    const again = await eventually(
      () => create("checked"),
      ({ status }) => status === 201,
    );
    expect(again.status).toBe(201);
  });
});
