import type { CocoonHibernation, CocoonSet, Decoded } from "@cocoonstack/common/apis/v1";
import type { KubeObject } from "@cocoonstack/machinery/informer";
import type { ControlPlane } from "../../controlplane/index.js";
import { apiPath } from "../api-path.js";
import { eventually, until } from "../eventually.js";
import { good } from "../person.js";
import { followTold, type Told } from "./told.js";

type Fields = Readonly<Record<string, unknown>>;
type Kind = "CocoonSet" | "CocoonHibernation";
type Seen<K extends Kind> = K extends "CocoonSet" ? Decoded<CocoonSet> : Decoded<CocoonHibernation>;

/** An event of the operator, as people see it. */
export interface SeenEvent {
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly involvedObject: { readonly kind: string; readonly name: string };
}

/** Under load, everything here takes a few seconds at most; a registry that has not answered is asked again after thirty. */
export const arrivalMs = 90_000;
const mergePatch = { contentType: "application/merge-patch+json" };

/** What a CocoonSet runs that names no other. */
export const defaultImage = "ghcr.io/cocoonstack/cocoon/ubuntu:24.04";

/** The CocoonSets and CocoonHibernations of a namespace, as people write them, and what the operator says of them. */
export class CocoonObjects {
  readonly ns: string;
  protected readonly plane: ControlPlane;
  readonly #pool: string;

  /** @param pool The node pool of sets that name none. */
  constructor(plane: ControlPlane, ns: string, pool: string) {
    this.plane = plane;
    this.ns = ns;
    this.#pool = pool;
  }

  /** Creates a CocoonSet; `agent` is filled up, and `metadata` is what it has besides its name. */
  async createSet(name: string, { agent, ...spec }: Fields = {}, metadata: Fields = {}): Promise<void> {
    const filled = {
      nodePool: this.#pool,
      agent: { image: defaultImage, ...(agent as Fields | undefined) },
      ...spec,
    };
    await this.#create("CocoonSet", { name, ...metadata }, filled);
  }

  /** Changes the spec of a CocoonSet. */
  async editSet(name: string, spec: Fields): Promise<void> {
    await this.#patch("CocoonSet", name, { spec });
  }

  /** Creates a CocoonHibernation. */
  async createHibernation(name: string, podName: string, desire: "Hibernate" | "Wake"): Promise<void> {
    await this.#create("CocoonHibernation", { name }, { podRef: { name: podName }, desire });
  }

  async editHibernation(name: string, desire: "Hibernate" | "Wake"): Promise<void> {
    await this.#patch("CocoonHibernation", name, { spec: { desire } });
  }

  /** Writes what time would have written: fields of a status. */
  async rewriteStatus(kind: Kind, name: string, status: object): Promise<void> {
    await this.#patch(kind, `${name}/status`, { status });
  }

  async annotate(
    kind: Kind,
    name: string,
    annotations: Readonly<Record<string, string | null>>,
  ): Promise<void> {
    await this.#patch(kind, name, { metadata: { annotations } });
  }

  async label(kind: Kind, name: string, labels: Readonly<Record<string, string>>): Promise<void> {
    await this.#patch(kind, name, { metadata: { labels } });
  }

  /** Asks for a deletion, and does not wait for its end. */
  async remove(
    kind: Kind,
    name: string,
    propagationPolicy: "Background" | "Foreground" = "Background",
  ): Promise<void> {
    await good(this.plane.request("DELETE", apiPath(kind, this.ns, name), { propagationPolicy }));
  }

  /** Undefined where there is none. */
  async get<K extends Kind>(kind: K, name: string): Promise<Seen<K> | undefined> {
    const { status, body } = await this.plane.request("GET", apiPath(kind, this.ns, name));
    return status === 404 ? undefined : (body as Seen<K>);
  }

  /** Waits until an object fits, and gives it. */
  async until<K extends Kind>(
    kind: K,
    name: string,
    what: string,
    fits: (object: Seen<K>) => boolean,
  ): Promise<Seen<K>> {
    let last: Seen<K> | undefined;
    await until(
      `${kind} ${name} is not ${what}`,
      async () => (last = await this.get(kind, name)),
      (object) => object !== undefined && fits(object),
      arrivalMs,
    );
    if (last === undefined) throw new Error(`${kind} ${name} is gone`);
    return last;
  }

  /** Waits until the operator says this phase of the object as it stands now. */
  untilPhase<K extends Kind>(kind: K, name: string, phase: string): Promise<Seen<K>> {
    return this.until(kind, name, phase, (object) => isIn(object, phase));
  }

  /** Waits until a condition has this reason, of the object as it stands now. */
  untilReason<K extends Kind>(kind: K, name: string, type: string, reason: string): Promise<Seen<K>> {
    return this.until(kind, name, `${type} for ${reason}`, (object) => {
      const found = conditionOf(object, type);
      return found?.reason === reason && found.observedGeneration === object.metadata?.generation;
    });
  }

  async untilGone(kind: Kind, name: string): Promise<void> {
    await until(
      `${kind} ${name} is not gone`,
      () => this.get(kind, name),
      (object) => object === undefined,
      arrivalMs,
    );
  }

  /** The phases of an object from now on. */
  followPhases(kind: Kind, name: string): Promise<Told> {
    return followTold(this.plane, apiPath(kind, this.ns), name, (one) => (one as Seen<Kind>).status?.phase);
  }

  /** The same for the status of a condition. */
  followCondition(kind: Kind, name: string, type: string): Promise<Told> {
    const read = (one: KubeObject): string | null | undefined => conditionOf(one as Seen<Kind>, type)?.status;
    return followTold(this.plane, apiPath(kind, this.ns), name, read);
  }

  /** The events of an object, once one of them has this reason. */
  async eventsOf(name: string, reason: string): Promise<readonly SeenEvent[]> {
    return eventually(
      async () => {
        const { body } = await this.plane.request("GET", `/api/v1/namespaces/${this.ns}/events`);
        const { items } = body as { readonly items: readonly SeenEvent[] };
        return items.filter(({ involvedObject }) => involvedObject.name === name);
      },
      (events) => events.some((event) => event.reason === reason),
    );
  }

  async #create(kind: Kind, metadata: Fields, spec: object): Promise<void> {
    const object = { apiVersion: "cocoonset.cocoonstack.io/v1", kind, metadata, spec };
    await good(this.plane.request("POST", apiPath(kind, this.ns), object));
  }

  async #patch(kind: Kind, name: string, patch: object): Promise<void> {
    await good(this.plane.request("PATCH", apiPath(kind, this.ns, name), patch, mergePatch));
  }
}

function isIn({ metadata, status }: Seen<Kind>, phase: string): boolean {
  return status?.phase === phase && status.observedGeneration === metadata?.generation;
}

/** A condition of an object. */
export const conditionOf = (
  { status }: Seen<Kind>,
  type: string,
): NonNullable<NonNullable<NonNullable<Seen<Kind>["status"]>["conditions"]>[number]> | undefined =>
  status?.conditions?.find((condition) => condition?.type === type) ?? undefined;
