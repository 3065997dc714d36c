import { afterAll, beforeAll, expect, it } from "vitest";
import { inTurns } from "../../support/in-turns.js";
import { type ScaledKind, workload } from "../../support/objects.js";
import { closeNamespace, good, messageOf, openNamespace, person } from "../../support/person.js";
import { type RegisteredWebhook, registerWebhook } from "../../support/registered-webhook.js";
import { sharedControlPlane } from "../../support/shared-control-plane.js";

const plane = sharedControlPlane();
const ns = "bypass-many";
const alice = person(plane, ns, "alice");
let registered: RegisteredWebhook;

/** Half of them make VMs. Paused, or of a kind whose controller does not run here: nobody else writes. */
const workloads = Array.from({ length: 60 }, (_, index) => {
  const kind: ScaledKind = index % 3 === 0 ? "ReplicationController" : "Deployment";
  return { kind, name: `w-${index}`, isCocoon: index % 2 === 0 };
});

beforeAll(async () => {
  await openNamespace(plane, ns);
  await inTurns(10, workloads, ({ kind, name, isCocoon }) => {
    const spec = kind === "Deployment" ? { paused: true } : {};
    return good(alice.create(kind, workload(kind, name, 3, isCocoon ? undefined : [], spec)));
  });
  registered = await registerWebhook(plane);
  return () => registered[Symbol.asyncDispose]();
});
afterAll(() => closeNamespace(plane, ns));

it("sixty scale-downs at once: each gets its own answer, and none is late", async () => {
  const answers = await Promise.all(
    workloads.map(async (each) => {
      const answer = await alice.patch(each.kind, `${each.name}/scale`, { spec: { replicas: 1 } });
      return { ...each, status: answer.status, message: messageOf(answer) };
    }),
  );
  for (const { kind, name, isCocoon, status, message } of answers) {
    expect({ name, status }).toEqual({ name, status: isCocoon ? 403 : 200 });
    if (isCocoon) expect(message).toContain(`${kind} ${ns}/${name} cannot be scaled from 3 to 1 replicas`);
  }
});
