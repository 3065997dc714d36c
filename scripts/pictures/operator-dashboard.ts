import { setTimeout as delay } from "node:timers/promises";
import { type ControlPlane, ensureAssets, startControlPlane } from "../../test/controlplane/index.js";
import { VMStage } from "../../test/demo/vm-stage.js";
import { apiPath } from "../../test/support/api-path.js";
import { setup } from "../../test/support/build-executable.js";
import { installCrds } from "../../test/support/crds.js";
import { until } from "../../test/support/eventually.js";
import { operatorMonitoring } from "../../test/support/monitoring/promql.js";
import { good } from "../../test/support/person.js";
import { dashboardPicture } from "./dashboard.js";

const durationMs = 75_000;
const patienceMs = 60_000;
const ns = "default";

/** What the queries of the operator's dashboard return while sets come, sleep, wake and go on a simulated node. */
export async function operatorDashboard(): Promise<string> {
  await setup();
  const found = await ensureAssets();
  if (!found.available) throw new Error(`${found.reason}; ${found.wayOut}`);
  await using plane = await startControlPlane({ assets: found.assets, controllers: [] });
  await installCrds(plane);
  await using stage = await VMStage.start(plane);
  return await dashboardPicture(operatorMonitoring, stage.operatorMetricsPort, () => live(plane));
}

/** Four sets live their lives, each begun a little after the one before, again and again. */
async function live(plane: ControlPlane): Promise<void> {
  const endMs = performance.now() + durationMs;
  const lives = ["web", "ci", "batch", "lab"].map(async (name, index) => {
    await delay(index * 3_000);
    while (performance.now() < endMs) await liveOnce(new Life(plane, name), index);
  });
  await Promise.all(lives);
}

async function liveOnce(life: Life, replicas: number): Promise<void> {
  await life.begin(replicas + 1);
  await life.edit({ suspend: true }, "Suspended");
  await life.edit({ suspend: false }, "Running");
  await life.nap();
  await life.end();
}

/** One CocoonSet, and a CocoonHibernation for its first sub-agent. */
class Life {
  readonly #plane: ControlPlane;
  readonly #name: string;

  constructor(plane: ControlPlane, name: string) {
    this.#plane = plane;
    this.#name = name;
  }

  async begin(replicas: number): Promise<void> {
    const spec = { agent: { image: "ghcr.io/cocoonstack/cocoon/ubuntu:24.04", replicas } };
    await this.#create("CocoonSet", this.#name, spec);
    await this.#untilPhase("CocoonSet", this.#name, "Running");
  }

  async edit(spec: object, phase: string): Promise<void> {
    await this.#patch("CocoonSet", this.#name, spec);
    await this.#untilPhase("CocoonSet", this.#name, phase);
  }

  /** One VM sleeps and wakes. */
  async nap(): Promise<void> {
    const name = `${this.#name}-1`;
    await this.#create("CocoonHibernation", name, { podRef: { name }, desire: "Hibernate" });
    await this.#untilPhase("CocoonHibernation", name, "Hibernated");
    await this.#patch("CocoonHibernation", name, { desire: "Wake" });
    await this.#untilPhase("CocoonHibernation", name, "Active");
    await this.#remove("CocoonHibernation", name);
  }

  async end(): Promise<void> {
    await this.#remove("CocoonSet", this.#name);
  }

  async #create(kind: Kind, name: string, spec: object): Promise<void> {
    const object = { apiVersion: "cocoonset.cocoonstack.io/v1", kind, metadata: { name }, spec };
    await good(this.#plane.request("POST", apiPath(kind, ns), object));
  }

  async #patch(kind: Kind, name: string, spec: object): Promise<void> {
    const contentType = "application/merge-patch+json";
    await good(this.#plane.request("PATCH", apiPath(kind, ns, name), { spec }, { contentType }));
  }

  async #remove(kind: Kind, name: string): Promise<void> {
    await good(this.#plane.request("DELETE", apiPath(kind, ns, name)));
    await until(
      `${kind} ${name} is not gone`,
      () => this.#plane.request("GET", apiPath(kind, ns, name)),
      ({ status }) => status === 404,
      patienceMs,
    );
  }

  async #untilPhase(kind: Kind, name: string, phase: string): Promise<void> {
    await until(
      `${kind} ${name} is not ${phase}`,
      () => this.#plane.request("GET", apiPath(kind, ns, name)),
      ({ body }) => (body as { readonly status?: { readonly phase?: string } }).status?.phase === phase,
      patienceMs,
    );
  }
}

type Kind = "CocoonSet" | "CocoonHibernation";
