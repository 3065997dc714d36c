import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Published } from "./bundle-publisher.js";
import type { RenewalPolicy } from "./next-step.js";
import type { Stored, Written } from "./secret-store.js";
import { SelfManagedCertificates } from "./self-managed.js";
import { bundleOf, certificateOf, type TlsState, TlsStateError } from "./tls-state.js";

const hourMs = 3_600_000;
const policy: RenewalPolicy = {
  names: ["a"],
  leafLifetimeMs: 90 * hourMs,
  authorityLifetimeMs: 900 * hourMs,
  settleMs: 0,
};

/** A Secret and two configurations in memory, with the API server's rule that a write names the version that it replaces. */
class Cluster {
  state: TlsState | undefined;
  broken = false;
  version = 0;
  bundle = "";
  /** How often somebody has changed the configurations. */
  revision = 0;
  isInstalled = true;
  readonly log = { info: vi.fn(), warn: vi.fn() };
  now = new Date("2026-01-01T00:00:00Z");

  readonly store = {
    read: (): Promise<Stored> => Promise.resolve(this.#stored()),
    create: (state: TlsState): Promise<Written> =>
      Promise.resolve(this.state === undefined ? this.#write(state) : "overtaken"),
    update: (state: TlsState, resourceVersion: string): Promise<Written> =>
      Promise.resolve(resourceVersion === String(this.version) ? this.#write(state) : "overtaken"),
  };
  readonly publisher = {
    isAnyPublished: (): Promise<boolean> => Promise.resolve(this.bundle !== ""),
    publish: (bundle: string): Promise<Published> => {
      const revision = String(this.revision);
      if (!this.isInstalled) return Promise.resolve({ outcome: "absent", revision });
      if (this.bundle === bundle) return Promise.resolve({ outcome: "settled", revision });
      this.setBundle(bundle);
      return Promise.resolve({ outcome: "changed", revision });
    },
  };

  setBundle(bundle: string): void {
    this.bundle = bundle;
    this.revision += 1;
  }

  replica(overrides: Partial<RenewalPolicy> = {}): SelfManagedCertificates {
    const { store, publisher } = this;
    return new SelfManagedCertificates({
      store,
      publisher,
      policy: { ...policy, ...overrides },
      log: this.log as never,
      now: () => this.now,
    });
  }

  #stored(): Stored {
    const resourceVersion = String(this.version);
    if (this.broken)
      return { found: "broken", fault: new TlsStateError("ca.crt is missing"), resourceVersion };
    return this.state === undefined
      ? { found: "nothing" }
      : { found: "state", state: this.state, resourceVersion };
  }

  #write(state: TlsState): Written {
    this.state = state;
    this.broken = false;
    this.version += 1;
    return "written";
  }
}

let cluster: Cluster;
beforeEach(() => {
  cluster = new Cluster();
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("SelfManagedCertificates", () => {
  it("begins once, however many replicas start at the same time", async () => {
    const replicas = [cluster.replica(), cluster.replica(), cluster.replica()];
    const first = await Promise.all(replicas.map((replica) => replica.look()));
    expect(first.filter((state) => state !== undefined)).toHaveLength(1);
    const second = await Promise.all(replicas.map((replica) => replica.look()));
    expect(new Set(second.map((state) => state?.leaf.certPem))).toEqual(
      new Set([cluster.state?.leaf.certPem]),
    );
    expect(cluster.bundle).toBe(cluster.state?.authority.certPem);
  });

  it("restores a Secret that is deleted or spoilt, from memory", async () => {
    const replica = cluster.replica();
    const state = await replica.look();
    cluster.state = undefined;
    expect(await replica.look()).toEqual(state);
    expect(cluster.state).toEqual(state);
    cluster.broken = true;
    expect(await replica.look()).toEqual(state);
    expect(cluster.broken).toBe(false);
  });

  it("lets those restore it who know it, when it starts while the Secret is gone", async () => {
    const old = cluster.replica();
    const state = await old.look();
    cluster.state = undefined;
    const young = cluster.replica();
    expect(await young.look()).toBeUndefined();
    await old.look();
    expect(await young.look()).toEqual(state);
  });

  it("leaves them time for two looks, and begins anew in the end when nobody restores it", async () => {
    cluster.bundle = "of a webhook that is gone";
    const replica = cluster.replica();
    // It looks every half second before it serves, and others every five seconds.
    for (let waitedMs = 0; waitedMs <= 10_000; waitedMs += 500) {
      expect(await replica.look()).toBeUndefined();
      vi.advanceTimersByTime(500);
    }
    expect(cluster.log.warn).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(5_000);
    expect(await replica.look()).toBeDefined();
  });

  it("waits anew before an authority signs, when somebody has changed the configurations between two looks", async () => {
    const replica = cluster.replica({ settleMs: 60_000 });
    await replica.look();
    cluster.now = new Date(cluster.now.getTime() + 700 * hourMs);
    for (const step of ["a leaf", "an authority", "the bundle settles"]) {
      expect(await replica.look(), step).toBeDefined();
    }
    const next = cluster.state?.next;
    expect(next).toBeDefined();

    vi.advanceTimersByTime(50_000);
    const { bundle } = cluster;
    cluster.setBundle("wiped by one");
    cluster.setBundle(bundle);
    await replica.look();
    vi.advanceTimersByTime(50_000);
    await replica.look();
    expect(cluster.state?.next).toEqual(next);

    vi.advanceTimersByTime(10_000);
    await replica.look();
    expect(cluster.state?.authority).toEqual(next);
  });

  it("says once that a configuration is missing", async () => {
    cluster.isInstalled = false;
    const replica = cluster.replica();
    await replica.look();
    await replica.look();
    expect(cluster.log.warn).toHaveBeenCalledOnce();
    expect(String(cluster.log.warn.mock.calls[0])).toContain("configuration is missing");
  });

  it("mends a bundle that somebody has wiped", async () => {
    const replica = cluster.replica();
    await replica.look();
    cluster.bundle = "";
    await replica.look();
    expect(cluster.bundle).toBe(cluster.state?.authority.certPem);
  });

  it("goes through a whole change of authorities, and every leaf that is served is trusted by the bundle of the look before", async () => {
    const replicas = [cluster.replica(), cluster.replica()];
    const authorities = new Set<string>();
    let trusted = "";
    for (let hour = 0; hour < 1300; hour += 20) {
      cluster.now = new Date(Date.parse("2026-01-01T00:00:00Z") + hour * hourMs);
      for (const replica of replicas) {
        const state = await replica.look();
        if (state === undefined) continue;
        authorities.add(state.authority.certPem);
        const issuers = (trusted === "" ? bundleOf(state) : trusted).split(/(?<=END CERTIFICATE-----\n)/);
        const leaf = certificateOf(state.leaf);
        expect(issuers.some((certPem) => leaf.verify(certificateOf({ certPem }).publicKey))).toBe(true);
        expect(Date.parse(leaf.validTo)).toBeGreaterThan(cluster.now.getTime());
      }
      trusted = cluster.bundle;
    }
    expect(authorities.size).toBeGreaterThan(2);
    expect(cluster.bundle.match(/BEGIN/g)?.length).toBeLessThanOrEqual(2);
  });

  it("passes on what the API server refuses", async () => {
    const refused = new Error("forbidden");
    cluster.store.read = vi.fn(() => Promise.reject(refused));
    await expect(cluster.replica().look()).rejects.toThrow(refused);
  });
});
