import { setTimeout as delay } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { freePorts } from "../controlplane/ports.js";
import { workload } from "../support/objects.js";
import { apply, must, prepareWebhook, register, unregister } from "../support/registered-webhook.js";
import { AdmissionLoad, questionsIn } from "../support/rolling/admission-load.js";
import { healthCheck, startBalancer } from "../support/rolling/balancer.js";
import { Replicas } from "../support/rolling/replicas.js";
import { sharedControlPlane } from "../support/shared-control-plane.js";

/** A short form by default; `npm run test:rolling` runs the whole. */
const restarts = Number(process.env["COCOON_ROLLING_RESTARTS"] ?? 2);
const admissions = Number(process.env["COCOON_ROLLING_ADMISSIONS"] ?? 1_000);

const plane = sharedControlPlane();

/** Longer than the balancer takes to learn that a replica is not ready: what DRAIN_DELAY is for. */
const drainDelayMs = 2 * healthCheck.fall * healthCheck.intervalMs;

it(
  `${restarts} rolling restarts under load lose no admission`,
  { timeout: 60_000 + restarts * 60_000 },
  async () => {
    const deployment = "rolling-restarts";
    await apply(plane, workload("Deployment", deployment, 3));
    const { certFile, keyFile } = await prepareWebhook(plane);
    const ports = Object.values(await freePorts("first", "second", "third"));
    const flags = [
      ...["--tls-cert", certFile, "--tls-key", keyFile, "--kubeconfig", plane.kubeconfig("webhook")],
      ...["--drain-delay", `${drainDelayMs}ms`, "--shutdown-timeout", "2s"],
    ];
    await using replicas = new Replicas({ ports, flags });
    await replicas.add();
    await replicas.add();
    await using balancer = await startBalancer(ports);
    onTestFinished(async () => {
      await must(unregister(plane));
      await must(plane.kubectl(["delete", "deployment", deployment]));
    });
    await register(plane, `https://127.0.0.1:${balancer.port}`, certFile);

    const startMs = performance.now();
    const load = new AdmissionLoad(plane, questionsIn("default", deployment));
    for (let restart = 0; restart < restarts; restart++) {
      for (let replica = 0; replica < 2; replica++) {
        await replicas.add();
        await replicas.removeOldest();
      }
    }
    while (load.answered < admissions) await delay(50);
    await load.stop();
    const seconds = ((performance.now() - startMs) / 1_000).toFixed(1);
    console.log(
      `${restarts} rolling restarts of 2 replicas behind ${balancer.kind}: ` +
        `${load.answered} admissions in ${seconds} s, ${load.failures.length} failed`,
    );

    expect(load.failures).toEqual([]);
    // Nothing was cut off by force either.
    expect(replicas.exits.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      replicas.exits.map(() => ({ code: 0, stderr: "" })),
    );
  },
);
