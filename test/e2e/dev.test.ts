import { writeFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import path from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { faultProxy } from "../support/fault-proxy.js";
import { installCrds } from "../support/crds.js";
import { DevProcess } from "../support/dev-process.js";
import { eventually } from "../support/eventually.js";
import { namespace, pod, workload } from "../support/objects.js";
import { apply, must } from "../support/registered-webhook.js";
import { sharedControlPlane } from "../support/shared-control-plane.js";
import { hasTerminals, TerminalSession } from "../support/terminal-session.js";
import { runExecutable } from "../support/webhook-process.js";

const plane = sharedControlPlane();
const kubeconfig = ["--kubeconfig", plane.kubeconfig("admin")];
const start = (...args: readonly string[]): Promise<DevProcess> => DevProcess.start([...kubeconfig, ...args]);

const dryRun = (object: object): ReturnType<typeof plane.kubectl> =>
  plane.kubectl(["create", "--dry-run=server", "-f", "-"], { stdin: JSON.stringify(object) });

/** The registrations that are there: `KIND/NAME`. */
async function registrations(): Promise<readonly string[]> {
  const kinds = "mutatingwebhookconfigurations,validatingwebhookconfigurations";
  const names = await must(plane.kubectl(["get", kinds, "-o", "name"]));
  return names.split("\n").filter((line) => line !== "");
}

/** The kubeconfig with something changed. */
async function changed(name: string, change: (config: Kubeconfig) => void): Promise<string> {
  const { stdout } = await plane.kubectl(["config", "view", "--raw", "-o", "json"]);
  const config = parse(stdout) as Kubeconfig;
  change(config);
  const file = path.join(plane.folder, `${name}.kubeconfig`);
  await writeFile(file, stringify(config), { mode: 0o600 });
  return file;
}

interface Kubeconfig {
  clusters: { name: string; cluster: Record<string, unknown> & { server: string } }[];
  contexts: { name: string; context: Record<string, unknown> }[];
  "current-context": string;
}

/** A kubeconfig for the same API server by another address. */
const by = (url: string): Promise<string> =>
  changed("remote", (config) => {
    for (const { cluster } of config.clusters) {
      cluster.server = url;
      cluster["tls-server-name"] = "kubernetes.default.svc";
    }
  });

/** An address of this machine that is not loopback, where it has one. */
const address = Object.values(networkInterfaces())
  .flatMap((one) => one ?? [])
  .find(({ family, internal }) => family === "IPv4" && !internal)?.address;

/** What looks as if it were not on this machine. */
const describeRemote = describe.skipIf(address === undefined);
const itRemote = it.skipIf(address === undefined);
const loopbackOnly = address === undefined ? " (skipped: this machine has no address but loopback)" : "";

beforeAll(async () => {
  await installCrds(plane);
});

afterEach(async () => {
  expect(await registrations()).toEqual([]);
});

describe("cocoon-webhook dev", () => {
  it("shows each decision in a line, and nothing of the objects", async () => {
    await using dev = await start();
    await apply(plane, workload("Deployment", "agents", 3));
    expect((await dryRun(pod("stray"))).stderr).toContain(
      'admission webhook "pods.dev.webhook.cocoonstack.io" denied the request: pod default/stray tolerates',
    );
    await plane.kubectl(["scale", "deployment/agents", "--replicas=1", "--dry-run=server"]);
    expect(await dev.line((line) => line.includes("stray"))).toMatch(
      /^\d\d:\d\d:\d\d refused CREATE Pod default\/stray by admin \(dry run\): pod default\/stray tolerates .* no CocoonSet owns it/,
    );
    expect(await dev.line((line) => line.includes("/scale"))).toMatch(
      /refused UPDATE deployments\/scale default\/agents by admin .* cannot be scaled from 3 to 1 replicas/,
    );
    expect(await dev.line((line) => line.includes(" warned "))).toContain("CREATE Deployment default/agents");
    const { stdout } = await dev.end("SIGINT");
    expect(stdout).not.toContain("ConfigMap");
    await must(plane.kubectl(["delete", "deployment", "agents"]));
  });

  it("shows one line for one write, whoever is asked about it besides", async () => {
    await using dev = await start();
    const ownerReferences = [
      { apiVersion: "cocoonset.cocoonstack.io/v1", kind: "CocoonSet", name: "demo", uid: "1" },
    ];
    await apply(plane, workload("Deployment", "one-line", 3));
    const fewer = ["patch", "deployment", "one-line", "--type=merge", "-p", '{"spec":{"replicas":1}}'];
    expect((await plane.kubectl(fewer)).stderr).toContain("denied the request");
    expect((await dryRun(pod("one-line", { ownerReferences }))).code).toBe(0);
    await must(plane.kubectl(["delete", "deployment", "one-line"]));
    await dev.line((line) => line.includes("DELETE"));
    const { stdout } = await dev.end("SIGINT");
    const verdicts = [...stdout.matchAll(/^\S+ (\w+) +(\w+ \w+) default\/one-line /gm)];
    expect(verdicts.map(([, verdict = "", what = ""]) => `${verdict} ${what}`)).toEqual([
      "warned CREATE Deployment",
      "refused UPDATE Deployment",
      "allowed CREATE Pod",
      "warned DELETE Deployment",
    ]);
  });

  it("shows them as JSON for programs", async () => {
    await using dev = await start("-o", "json");
    await dryRun(pod("stray"));
    expect(JSON.parse(await dev.line(() => true))).toMatchObject({
      handler: "mutate",
      result: "deny",
      reason: "stray-pod",
      user: "admin",
      operation: "CREATE",
      kind: "Pod",
      namespace: "default",
      name: "stray",
      dryRun: true,
      message: expect.stringContaining("no CocoonSet owns it") as string,
      time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    });
  });

  it("decides for one namespace alone where it is told to", async () => {
    await apply(plane, namespace("team-a"));
    await using dev = await start("--namespace", "team-a");
    expect(dev.stderr).toContain("namespace team-a alone");
    expect((await dryRun(pod("stray"))).code).toBe(0);
    expect((await dryRun(pod("stray", { namespace: "team-a" }))).stderr).toContain("denied the request");
  });

  it("refuses pods of others than the POD_CREATORS, as the real one does", async () => {
    await using dev = await start("--pod-creators", "operator");
    const ownerReferences = [
      { apiVersion: "cocoonset.cocoonstack.io/v1", kind: "CocoonSet", name: "forged", uid: "1" },
    ];
    expect((await dryRun(pod("owned", { ownerReferences }))).stderr).toContain('user "admin" may not');
    await dev.line((line) => line.includes("default/owned"));
  });

  it("holds nothing up, and no ConfigMap, while nobody answers for it", async () => {
    const dev = await start();
    await dev.end("SIGKILL");
    expect((await dryRun(pod("stray"))).code).toBe(0);
    const unnamed = { apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "unnamed-" } };
    expect((await dryRun(unnamed)).code).toBe(0);
    expect(await registrations()).toHaveLength(2);

    // In another namespace: the leftover is asked where its own probe is.
    await using next = await start("--namespace", "kube-public");
    expect(next.stderr).toContain(`(of process ${dev.pid} on `);
    expect(next.stderr).toMatch(/^ {2}removed {2}cocoon-webhook-dev-/m);
    expect(await registrations()).toHaveLength(2);
  });

  it("leaves the registration of another one alone that runs", async () => {
    await using first = await start();
    await using second = await start();
    expect(second.stderr).toMatch(new RegExp(`^  besides  cocoon-webhook-dev-.*process ${first.pid} `, "m"));
    expect(await registrations()).toHaveLength(4);
    await second.end("SIGINT");
    expect(await registrations()).toHaveLength(2);
  });
});

describe("the end of cocoon-webhook dev", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("takes the registration back at %s", async (signal) => {
    const dev = await start();
    expect(await registrations()).toHaveLength(2);
    expect(await dev.end(signal)).toMatchObject({ code: 0, signal: null });
    expect(dev.stderr).toContain("The registration is taken back.");
    expect(await registrations()).toEqual([]);
  });

  it("does so when whoever reads its output leaves", async () => {
    const dev = await start();
    dev.hangUp();
    const tried = await eventually(
      async () => {
        await dryRun(pod("stray"));
        return registrations();
      },
      (names) => names.length === 0,
    );
    expect(tried).toEqual([]);
    expect(await dev.exited()).toMatchObject({ code: 0 });
  });

  it("comes when somebody deletes the registration, because nobody asks any more", async () => {
    const dev = await start();
    const [deleted = "none"] = await registrations();
    await must(plane.kubectl(["delete", deleted]));
    expect(await dev.exited()).toMatchObject({ code: 1 });
    expect(dev.stderr).toMatch(/^cocoon-webhook: MutatingWebhookConfiguration \S+ is gone: .* start again$/m);
  });

  it("does so at an error that nobody caught, and shows the error", async () => {
    const file = path.join(plane.folder, "throw-at-usr2.mjs");
    await writeFile(file, "process.on('SIGUSR2', () => { throw new Error('nobody caught this'); });\n");
    const dev = await DevProcess.start(kubeconfig, { env: { NODE_OPTIONS: `--import=${file}` } });
    expect(await dev.end("SIGUSR2")).toMatchObject({ code: 1 });
    expect(dev.stderr).toContain("nobody caught this");
    expect(await registrations()).toEqual([]);
  });
});

describe.skipIf(!hasTerminals)(
  `at a terminal${hasTerminals ? "" : " (skipped: there is no script(1) of util-linux)"}`,
  () => {
    it("ends at Ctrl-C", async () => {
      await using terminal = new TerminalSession(["dev", ...kubeconfig]);
      await terminal.type("\u0003", "Ctrl-C ends it.");
      expect(await terminal.exited()).toBe(0);
      expect(terminal.shown).toContain("The registration is taken back.");
    });

    describeRemote(`in front of a cluster elsewhere${loopbackOnly}`, () => {
      it("asks, and registers after a yes", async () => {
        await using proxy = await faultProxy(plane.url, address);
        await using terminal = new TerminalSession(["dev", "--kubeconfig", await by(proxy.url)]);
        await terminal.type("y\n", "Others may use this cluster. Register there? [y/N] ");
        await terminal.type("\u0003", "Ctrl-C ends it.");
        expect(await terminal.exited()).toBe(0);
      });

      it("asks, and registers nothing after a no", async () => {
        await using proxy = await faultProxy(plane.url, address);
        await using terminal = new TerminalSession(["dev", "--kubeconfig", await by(proxy.url)]);
        await terminal.type("n\n", "Register there? [y/N] ");
        expect(await terminal.exited()).toBe(1);
        expect(terminal.shown).toContain("cocoon-webhook: nothing was registered");
        expect(terminal.shown).not.toContain("API servers ask");
      });
    });
  },
);

describeRemote(`before cocoon-webhook dev registers in a cluster elsewhere${loopbackOnly}`, () => {
  it("refuses a cluster that may not be one's own, where nobody can be asked", async () => {
    await using proxy = await faultProxy(plane.url, address);
    const { code, stderr } = await runExecutable(["dev", "--kubeconfig", await by(proxy.url)]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /cocoon-webhook: others may use the cluster of context cocoon-test, and there is no terminal to ask at: say --yes /,
    );
    expect(stderr).not.toContain("    at ");
  });

  it("takes --yes for an answer, and says where it registers", async () => {
    await using proxy = await faultProxy(plane.url, address);
    await using dev = await DevProcess.start(["--kubeconfig", await by(proxy.url), "--yes"]);
    expect(dev.stderr).toContain(`  cluster  cocoon-test, ${proxy.url}\n`);
    expect(dev.stderr).toMatch(/^ {2}scope {4}all namespaces$/m);
  });
});

describe("before cocoon-webhook dev registers", () => {
  it("says what to do where API servers do not reach it, and leaves nothing behind", async () => {
    const { code, stderr } = await runExecutable(["dev", ...kubeconfig, "--host", "nowhere.invalid"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^cocoon-webhook: API servers cannot ask https:\/\/nowhere\.invalid:\d+: .*lookup/m,
    );
    expect(stderr).toMatch(/^cocoon-webhook: say by --host what API servers call this machine/m);
    expect(stderr).not.toContain("    at ");
  });

  it("says that a namespace is missing, and nothing of how it is reached", async () => {
    const { code, stderr } = await runExecutable(["dev", ...kubeconfig, "--namespace", "team-typo"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^cocoon-webhook: there is no namespace team-typo: create it, or name another /m);
    expect(stderr).not.toContain("--host");
  });

  const reachedBy = async (host: string): Promise<void> => {
    await using dev = await start("--host", host);
    expect(dev.stderr).toContain(`API servers ask https://${host}:`);
    expect((await dryRun(pod("stray"))).stderr).toContain("denied the request");
  };

  it("is reached by localhost", () => reachedBy("localhost"));

  itRemote(`is reached by an address of this machine${loopbackOnly}`, () => reachedBy(address ?? ""));

  it("tells of a mistyped POD_CREATORS, which nobody reads", async () => {
    const env = { POD_CREATOR: "operator", TLS_CRT: "tls.crt" };
    await using dev = await DevProcess.start(kubeconfig, { env });
    expect(dev.stderr).toContain(
      "  note     the variable POD_CREATOR is no setting, and not read; set POD_CREATORS instead\n",
    );
    // The others are about servers in a cluster.
    expect(dev.stderr).not.toContain("TLS_CRT");
  });

  it("names everything that is wrong with its options", async () => {
    const options = ["--host", "https://me", "--port", "70000", "--pod-creators", ""];
    const { code, stderr } = await runExecutable(["dev", ...kubeconfig, ...options]);
    expect(code).toBe(2);
    expect(stderr.trimEnd().split("\n")).toEqual([
      expect.stringContaining("the --host flag must be a host name or an IP address alone, such as host"),
      'cocoon-webhook: the --port flag must be a number from 0 to 65535; it is "70000"',
      expect.stringContaining("the --pod-creators flag must name at least one user"),
    ]);
  });

  it("names the rights that it lacks, and what it cannot reach", async () => {
    const alice = await runExecutable(["dev", "--kubeconfig", plane.kubeconfig("alice")]);
    expect(alice.code).toBe(1);
    expect(alice.stderr).toMatch(
      /^cocoon-webhook: GET .*webhookconfigurations.*: Forbidden .*"alice" cannot list/m,
    );

    const gone = await changed("gone", ({ clusters }) => {
      for (const { cluster } of clusters) cluster.server = "https://127.0.0.1:1";
    });
    const { code, stderr } = await runExecutable(["dev", "--kubeconfig", gone]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^cocoon-webhook: no use of the API server https:\/\/127\.0\.0\.1:1: .*ECONNREFUSED.*; check the kubeconfig, and that the cluster runs$/m,
    );
  });

  it("tells of a cluster without CRDs, and of one where the webhook is installed", async () => {
    await must(plane.kubectl(["delete", "crd", "--all"]));
    await apply(plane, {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingWebhookConfiguration",
      metadata: { name: "cocoon-webhook" },
    });
    const dev = await start();
    expect(dev.stderr).toContain("CocoonSets and CocoonHibernations are not installed here");
    expect(dev.stderr).toContain("cocoon-webhook is installed here and decides as well");
    await dev.end("SIGINT");
    await must(plane.kubectl(["delete", "validatingwebhookconfiguration", "cocoon-webhook"]));
    await installCrds(plane);
    await using again = await start();
    expect(again.stderr).not.toContain("installed here");
  });
});
