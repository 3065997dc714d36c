import type { ClusterConnection } from "@cocoonstack/common/k8s";
import { Informer, type KubeObject } from "@cocoonstack/machinery/informer";
import { type ControlPlane, ensureAssets, startControlPlane } from "../../test/controlplane/index.js";
import { startRegistry } from "../../test/registry/start-registry.js";
import { admitOperator } from "../../test/support/admit-operator.js";
import { apiPath, type Kind } from "../../test/support/api-path.js";
import { connectTo } from "../../test/support/connect-to.js";
import { installCrds } from "../../test/support/crds.js";
import { until } from "../../test/support/eventually.js";
import { inTurns } from "../../test/support/in-turns.js";
import { namespace } from "../../test/support/objects.js";
import { apply } from "../../test/support/registered-webhook.js";
import { send } from "../../test/support/send.js";
import { Teardown } from "../../test/support/teardown.js";
import type { OperatorStage } from "../contenders/operator.js";
import { InstantNode } from "./instant-node.js";
import { Reached } from "./reached.js";

/** The namespace in which sets are brought up. */
export const setsNs = "bench";

/** The namespace of pods that are none of Cocoon's. */
export const foreignNs = "foreign";

/** How many requests a client has under way: as many pods as our operator creates at the same time. */
export const atOnce = 8;

/** A set, as far as its progress goes. */
interface SeenSet extends KubeObject {
  readonly metadata: KubeObject["metadata"] & { readonly generation?: number };
  readonly status?: {
    readonly phase?: string;
    readonly observedGeneration?: number;
    readonly readyAgents?: number;
  } | null;
}

/** What operators are measured on: a real API server, a real registry, and a node that loses no time. */
export class Field implements AsyncDisposable {
  readonly plane: ControlPlane;
  /** `pod NAME` and `ready NAME` of pods; `NAME runs N` of sets, once all is said of so many agents. */
  readonly reached: Reached;
  readonly stage: OperatorStage;
  /** Is nobody that the audit log looks at. */
  readonly admin: ClusterConnection;
  readonly #teardown: Teardown;

  private constructor(field: Pick<Field, "plane" | "reached" | "stage" | "admin">, teardown: Teardown) {
    this.plane = field.plane;
    this.reached = field.reached;
    this.stage = field.stage;
    this.admin = field.admin;
    this.#teardown = teardown;
  }

  /** @throws {Error} where this machine cannot run one */
  static async open(folder: string): Promise<Field> {
    const result = await ensureAssets();
    if (!result.available) throw new Error(`${result.reason}; ${result.wayOut}`);
    await using teardown = new Teardown();
    const plane = await teardown.use(startControlPlane({ assets: result.assets }));
    const registry = await teardown.use(startRegistry());
    await Promise.all([installCrds(plane), admitOperator(plane)]);
    await apply(plane, namespace(setsNs), namespace(foreignNs));
    const admin = await teardown.adopt(connectTo(plane, "admin", { connections: 32 }), (one) => one.close());
    const reached = new Reached();
    teardown.defer(follow(admin, reached));
    const { host } = new URL(registry.url);
    const stage = { folder, kubeconfig: plane.kubeconfig("operator"), registry: host };
    return new Field({ plane, reached, stage, admin }, teardown.move());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#teardown[Symbol.asyncDispose]();
  }

  /** Takes all sets and their pods away, whatever an operator that has ended wanted to do before. */
  async clear(): Promise<void> {
    const { items } = await this.#list("CocoonSet");
    await inTurns(atOnce, items, ({ metadata: { name } }) =>
      send(this.admin, {
        method: "PATCH",
        path: apiPath("CocoonSet", setsNs, name),
        body: JSON.stringify({ metadata: { finalizers: null } }),
        contentType: "application/merge-patch+json",
      }),
    );
    const atOnceGone = JSON.stringify({ apiVersion: "v1", kind: "DeleteOptions", gracePeriodSeconds: 0 });
    for (const kind of ["CocoonSet", "Pod"] as const) {
      await send(this.admin, { method: "DELETE", path: apiPath(kind, setsNs), body: atOnceGone });
    }
    await send(this.admin, { method: "DELETE", path: `/api/v1/namespaces/${setsNs}/events` });
    for (const kind of ["CocoonSet", "Pod"] as const) {
      await until(
        `a ${kind} is left`,
        () => this.#list(kind),
        ({ items: left }) => left.length === 0,
        60_000,
      );
    }
  }

  async #list(kind: Kind): Promise<{ readonly items: readonly KubeObject[] }> {
    const { body } = await this.admin.getJson(apiPath(kind, setsNs));
    return body as { readonly items: readonly KubeObject[] };
  }
}

/** Looks after pods, and watches sets. Gives what ends it. */
function follow(connection: ClusterConnection, reached: Reached): () => Promise<void> {
  const sets = new Informer<SeenSet>({
    connection,
    collection: { path: apiPath("CocoonSet", setsNs) },
    transform: (object) => object,
    indexes: {},
  });
  const look = ({ metadata: { name, generation }, status }: SeenSet): void => {
    if (status?.phase !== "Running" || status.observedGeneration !== generation) return;
    reached.mark(`${name} runs ${status.readyAgents ?? 0}`);
  };
  sets.addHandler({ add: look, update: look, delete: () => undefined });
  const node = new InstantNode({ connection, ns: setsNs, reached });
  const stop = new AbortController();
  const running = Promise.all([sets.run(stop.signal), node.run(stop.signal)]);
  // Whoever ends it is told.
  running.catch(() => undefined);
  return async () => {
    stop.abort();
    await running;
  };
}
