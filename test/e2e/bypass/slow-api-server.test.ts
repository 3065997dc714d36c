import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { installCrds } from "../../support/crds.js";
import { hibernation, workload } from "../../support/objects.js";
import { closeNamespace, good, messageOf, openNamespace, person } from "../../support/person.js";
import { type RegisteredWebhook, registerWebhook } from "../../support/registered-webhook.js";
import { sharedControlPlane } from "../../support/shared-control-plane.js";
import { type FaultProxy, faultProxy } from "../../support/fault-proxy.js";

const plane = sharedControlPlane();
const ns = "bypass-slow";
const alice = person(plane, ns, "alice");
let registered: RegisteredWebhook;
let proxy: FaultProxy;

beforeAll(async () => {
  await installCrds(plane);
  await openNamespace(plane, ns);
  await good(alice.create("Deployment", workload("Deployment", "web", 3, [], { paused: true })));
  proxy = await faultProxy(plane.url);
  const kubeconfig = path.join(plane.folder, "slow.kubeconfig");
  const direct = await readFile(plane.kubeconfig("webhook"), "utf8");
  await writeFile(kubeconfig, direct.replaceAll(plane.url, proxy.url));
  registered = await registerWebhook(plane, { flags: ["--kubeconfig", kubeconfig] });
  return async () => {
    await registered[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
  };
});
afterAll(() => closeNamespace(plane, ns));

it("webhook up and API server slow: a /scale-down gets the webhook's own refusal before the caller's time is up", async () => {
  proxy.stall();
  const answer = await alice.patch("Deployment", "web/scale", { spec: { replicas: 1 } });
  // Where the caller's time is up first, it is the API server that says so, with a 500.
  expect(answer).toMatchObject({ status: 503, body: { reason: "ServiceUnavailable" } });
  expect(messageOf(answer)).toContain(
    `Deployment ${ns}/web cannot be scaled from 3 to 1 replicas now: whether its pods are Cocoon VMs could not be checked ` +
      "(the API server did not answer in time); try again",
  );
});

it("webhook up and API server slow: a new hibernation gets the webhook's own refusal, too", async () => {
  proxy.stall();
  const answer = await alice.create("CocoonHibernation", hibernation("demo-0"));
  expect(answer).toMatchObject({ status: 503, body: { reason: "ServiceUnavailable" } });
  expect(messageOf(answer)).toContain(
    "could not be checked (the API server did not answer in time); try again",
  );
});

it("webhook up and API server slow: what needs no look at the cluster is decided at once", async () => {
  proxy.stall();
  await good(alice.create("Deployment", workload("Deployment", "vms", 3, undefined, { paused: true })));
  const answer = await alice.patch("Deployment", "vms", { spec: { replicas: 1 } });
  expect(messageOf(answer)).toContain(`Deployment ${ns}/vms cannot be scaled from 3 to 1 replicas: `);
});

it("webhook up and the API server quick again: asked again, it goes through", async () => {
  proxy.resume();
  await good(alice.patch("Deployment", "web/scale", { spec: { replicas: 1 } }));
});
