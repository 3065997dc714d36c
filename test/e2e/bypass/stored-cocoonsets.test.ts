import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installCrds, installPermissiveCrd } from "../../support/crds.js";
import { cocoonSet } from "../../support/objects.js";
import { closeNamespace, good, messageOf, openNamespace, person } from "../../support/person.js";
import { must, type RegisteredWebhook, registerWebhook } from "../../support/registered-webhook.js";
import { sharedControlPlane } from "../../support/shared-control-plane.js";

// Objects from before the rules existed: nothing but a change of their spec may be judged, or nobody could tidy them away.
const plane = sharedControlPlane();
const ns = "bypass-stored-cocoonsets";
const alice = person(plane, ns, "alice");
let registered: RegisteredWebhook;

const crds = ["a CRD without rules", "the shipped CRD"] as const;
const invalid = { agent: { image: "x", replicas: -1, backend: "firecracker" }, snapshotPolicy: "sometimes" };
const nameUnder = (crd: (typeof crds)[number]): string => (crd === "the shipped CRD" ? "shipped" : "free");

beforeAll(async () => {
  await openNamespace(plane, ns);
  await installPermissiveCrd(plane, "cocoonsets");
  for (const crd of crds) await good(alice.create("CocoonSet", cocoonSet(nameUnder(crd), invalid)));
  registered = await registerWebhook(plane);
  return () => registered[Symbol.asyncDispose]();
});
afterAll(async () => {
  await installCrds(plane);
  await closeNamespace(plane, ns);
});

describe.each(crds)("an invalid CocoonSet that was stored before the rules existed, under %s", (crd) => {
  const name = nameUnder(crd);
  beforeAll(async () => {
    if (crd === "the shipped CRD") await installCrds(plane);
  });

  it("an invalid CocoonSet that was stored before the rules existed can still be labelled", async () => {
    await must(alice.kubectl(["label", "cocoonset", name, "team=a"]));
  });

  it("an invalid CocoonSet that was stored before the rules existed can still get a status", async () => {
    await good(
      alice.patch("CocoonSet", `${name}/status`, { status: { phase: "Failed", observedGeneration: 1 } }),
    );
    expect(await good(alice.get("CocoonSet", name))).toMatchObject({ status: { phase: "Failed" } });
  });

  it("an invalid CocoonSet that was stored before the rules existed is refused a change of its spec", async () => {
    const answer = await alice.patch("CocoonSet", name, { spec: { suspend: true } });
    expect(answer.status).toBe(422);
    expect(messageOf(answer)).toContain("spec.agent.mode: ");
  });

  it("an invalid CocoonSet that was stored before the rules existed can still lose its finalizers and be deleted", async () => {
    await good(alice.patch("CocoonSet", name, { metadata: { finalizers: ["example.com/vms"] } }));
    await good(alice.remove("CocoonSet", name));
    await good(alice.patch("CocoonSet", `${name}/status`, { status: { phase: "Failed" } }));
    await good(alice.patch("CocoonSet", name, { metadata: { finalizers: null } }));
    expect((await alice.get("CocoonSet", name)).status).toBe(404);
  });
});
