import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { apiPath } from "../../support/api-path.js";
import { eventually } from "../../support/eventually.js";
import { type ScaledKind, workload } from "../../support/objects.js";
import { closeNamespace, good, messageOf, openNamespace, person } from "../../support/person.js";
import { type RegisteredWebhook, registerWebhook } from "../../support/registered-webhook.js";
import { sharedControlPlane } from "../../support/shared-control-plane.js";

const plane = sharedControlPlane();
const ns = "bypass-workloads";
const alice = person(plane, ns, "alice");
const admin = person(plane, ns, "admin");
let registered: RegisteredWebhook;

beforeAll(async () => {
  await openNamespace(plane, ns);
  registered = await registerWebhook(plane);
  return () => registered[Symbol.asyncDispose]();
});
afterAll(() => closeNamespace(plane, ns));

const kinds: readonly ScaledKind[] = ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"];
/** Each test has a workload of its own: the deletion of the last one may still be going on. */
let name = "agents-0";
let count = 0;

/** Does it again where a controller wrote in between, as people do. */
const withoutConflict = (attempt: () => Promise<string>): Promise<string> =>
  eventually(attempt, (printed) => !printed.includes("the object has been modified"));

/** What somebody did to a workload of three replicas: all that was printed or answered. */
type Way = (kind: ScaledKind) => Promise<string>;

const kubectl =
  (...args: string[]): Way =>
  async (kind) => {
    const [verb = "", ...rest] = args;
    const { stdout, stderr } = await alice.kubectl([verb, `${kind.toLowerCase()}/${name}`, ...rest]);
    return stdout + stderr;
  };

const ways: readonly [string, number, Way][] = [
  ["kubectl scale", 1, kubectl("scale", "--replicas=1")],
  ["kubectl scale to zero", 0, kubectl("scale", "--replicas=0")],
  [
    "an HPA-style PATCH of /scale",
    2,
    async (kind) => messageOf(await alice.patch(kind, `${name}/scale`, { spec: { replicas: 2 } })),
  ],
  [
    "kubectl edit of replicas",
    1,
    async (kind) => {
      const env = { KUBE_EDITOR: "sed -i 's/^  replicas: 3/  replicas: 1/'" };
      const { stdout, stderr } = await alice.kubectl(["edit", kind.toLowerCase(), name], undefined, env);
      return stdout + stderr;
    },
  ],
  ["kubectl patch of replicas", 2, kubectl("patch", "--type=merge", "-p", '{"spec":{"replicas":2}}')],
  ["replicas set to null", 1, kubectl("patch", "--type=merge", "-p", '{"spec":{"replicas":null}}')],
  [
    "kubectl replace of replicas",
    1,
    async (kind) => (await alice.kubectl(["replace", "-f", "-"], workload(kind, name, 1))).stderr,
  ],
  [
    "toleration removed and scaled down in one update",
    1,
    async (kind) => (await alice.kubectl(["replace", "-f", "-"], workload(kind, name, 1, []))).stderr,
  ],
  [
    "server-side apply that drops replicas",
    1,
    async (kind) => {
      const apply = ["apply", "--server-side", "--force-conflicts", "--field-manager=alice", "-f", "-"];
      await alice.kubectl(apply, workload(kind, name, 4));
      return (await alice.kubectl(apply, workload(kind, name, undefined))).stderr;
    },
  ],
];

describe.each(kinds)("a cocoon %s of three replicas", (kind) => {
  beforeEach(async () => {
    name = `agents-${++count}`;
    await good(alice.create(kind, workload(kind, name, 3)));
  });

  it.each(ways)("%s is refused", async (title, replicas, attempt) => {
    const from = title.startsWith("server-side") ? 4 : 3;
    expect(await withoutConflict(() => attempt(kind))).toContain(
      `${kind} ${ns}/${name} cannot be scaled from ${from} to ${replicas} replicas: its pods are Cocoon VMs`,
    );
    expect(await good(alice.get(kind, name))).toMatchObject({ spec: { replicas: from } });
  });

  it("scale-ups, labels and deletion pass", async () => {
    await good(alice.patch(kind, `${name}/scale`, { spec: { replicas: 4 } }));
    await good(alice.patch(kind, name, { metadata: { labels: { team: "a" } }, spec: { replicas: 5 } }));
    await good(alice.remove(kind, name));
  });
});

describe("a cocoon StatefulSet with ordinals 5..7", () => {
  let moved = "";
  beforeEach(async () => {
    moved = `ordinals-${++count}`;
    const spec = { ordinals: { start: 5 } };
    await good(alice.create("StatefulSet", workload("StatefulSet", moved, 3, undefined, spec)));
  });
  const move = (start: number | null, replicas = 3): ReturnType<typeof alice.patch> =>
    alice.patch("StatefulSet", moved, { spec: { replicas, ordinals: { start } } });

  it.each<[string, number | null, number, string]>([
    ["raised", 6, 3, "6..8"],
    ["raised, with as many more replicas", 6, 4, "6..9"],
    ["lowered, so that the last one falls out", 4, 3, "4..6"],
    ["taken away", null, 3, "0..2"],
  ])("ordinals.start %s is refused", async (_, start, replicas, range) => {
    const answer = await move(start, replicas);
    expect(answer.status).toBe(403);
    expect(messageOf(answer)).toContain(
      `StatefulSet ${ns}/${moved} cannot move its ordinals from 5..7 to ${range} (spec.ordinals.start)`,
    );
  });

  it("ordinals.start lowered with as many more replicas passes", async () => {
    await good(move(4, 4));
  });
});

describe("a ReplicaSet that people scale directly", () => {
  const controller = "--as=system:serviceaccount:kube-system:deployment-controller";
  beforeAll(async () => {
    await good(alice.create("ReplicaSet", workload("ReplicaSet", "standalone", 3)));
  });

  it("direct scale of a ReplicaSet by a user is refused", async () => {
    const { stderr } = await alice.kubectl(["scale", "rs/standalone", "--replicas=1"]);
    expect(stderr).toContain(`ReplicaSet ${ns}/standalone cannot be scaled from 3 to 1 replicas`);
  });

  it("direct scale of a ReplicaSet in the Deployment controller's name is refused", async () => {
    const { stderr } = await admin.kubectl([controller, "scale", "rs/standalone", "--replicas=1"]);
    // Kubernetes gives the controller no right to /scale, and RBAC comes first.
    expect(stderr).toContain('cannot patch resource "replicasets/scale"');
    const asGroup = [controller, "--as-group=system:masters"];
    const again = await admin.kubectl([...asGroup, "scale", "rs/standalone", "--replicas=1"]);
    expect(again.stderr).toContain(`ReplicaSet ${ns}/standalone cannot be scaled from 3 to 1 replicas`);
  });

  it("an update in the Deployment controller's name of a ReplicaSet that no Deployment controls is refused", async () => {
    const patch = ["patch", "rs/standalone", "--type=merge", "-p", '{"spec":{"replicas":1}}'];
    const { stderr } = await admin.kubectl([controller, ...patch]);
    expect(stderr).toContain(`ReplicaSet ${ns}/standalone cannot be scaled from 3 to 1 replicas`);
  });

  it("a user's update of a ReplicaSet that a Deployment controls is refused", async () => {
    await good(alice.create("Deployment", workload("Deployment", "controlling", 3)));
    const path = `${apiPath("ReplicaSet", ns)}?labelSelector=app%3Dcontrolling`;
    const { body } = await eventually(
      () => plane.request("GET", path),
      (answer) => (answer.body as { items: unknown[] }).items.length === 1,
    );
    const controlled = (body as { items: { metadata: { name: string } }[] }).items[0]?.metadata.name ?? "";
    const answer = await alice.patch("ReplicaSet", controlled, { spec: { replicas: 1 } });
    expect(messageOf(answer)).toContain(
      `ReplicaSet ${ns}/${controlled} cannot be scaled from 3 to 1 replicas`,
    );
  });
});
