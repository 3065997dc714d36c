import type { Random } from "../fuzz/core/random.js";
import { Place } from "../support/platform/place.js";
import type { Platform } from "../support/platform/platform.js";
import type { Act, ActName } from "./act.js";
import { type Goal, PlayedSet } from "./played-set.js";

/** Long enough for a kill to fall into what the node does, too. */
const slowed = { "*": { delayMs: { start: 150, save: 150, push: 50 } } };

const toolboxes = [{ name: "box", image: "ghcr.io/cocoonstack/box:1" }];

/** A kind of act, in a namespace of its own. */
export async function openAct(platform: Platform, name: ActName, ns: string, random: Random): Promise<Act> {
  const place = await Place.open(platform, ns);
  place.setFaults(slowed);
  switch (name) {
    case "suspend":
      return new SuspendAct(place);
    case "wake":
      return new WakeAct(place);
    case "scale":
      return new ScaleAct(place);
    case "delete":
      return new DeleteAct(place, random);
  }
}

const agents = (set: string, replicas: number): readonly string[] =>
  Array.from({ length: 1 + replicas }, (_, slot) => `${set}-${slot}`);

const forks = (set: string, replicas: number): Goal["starts"] =>
  Object.fromEntries(agents(set, replicas).map((pod, slot) => [pod, slot === 0 ? "image" : "vm"] as const));

/** What the acts have in common: a set with a main agent, sub-agents and a toolbox. */
abstract class ActOnSet {
  abstract readonly name: ActName;
  protected readonly place: Place;
  protected set: PlayedSet;

  constructor(place: Place) {
    this.place = place;
    this.set = new PlayedSet(place, "demo");
  }

  get ns(): string {
    return this.place.ns;
  }

  lacks(): Promise<readonly string[]> {
    return this.set.lacks();
  }

  arrive(): Promise<void> {
    return this.set.arrive();
  }

  faults(): Promise<readonly string[]> {
    return this.set.faults();
  }

  async close(): Promise<void> {
    await this.place.close();
  }

  protected members(replicas: number): readonly string[] {
    const { name } = this.set;
    return [...agents(name, replicas), `${name}-box`];
  }

  protected async create(replicas: number, snapshotPolicy: string): Promise<void> {
    const { name } = this.set;
    const starts = { ...forks(name, replicas), [`${name}-box`]: "image" as const };
    await this.set.reach({ phase: "Running", pods: this.members(replicas), starts }, () =>
      this.place.createSet(name, { agent: { replicas }, toolboxes, snapshotPolicy }),
    );
  }

  protected readonly asleep = (): Goal => ({ phase: "Suspended", pods: this.members(1) });

  protected readonly awake = (): Goal => {
    const pods = this.members(1);
    return {
      phase: "Running",
      pods,
      starts: Object.fromEntries(pods.map((pod) => [pod, "snapshot"] as const)),
    };
  };

  protected readonly suspend = (suspend: boolean): Promise<void> =>
    this.place.editSet(this.set.name, { suspend });
}

class SuspendAct extends ActOnSet implements Act {
  readonly name = "suspend";
  #isFirst = true;

  async prepare(): Promise<void> {
    if (this.#isFirst) await this.create(1, "always");
    else await this.set.reach(this.awake(), () => this.suspend(false));
    this.#isFirst = false;
  }

  async order(): Promise<void> {
    await this.set.aim(this.asleep(), () => this.suspend(true));
  }
}

class WakeAct extends ActOnSet implements Act {
  readonly name = "wake";
  #isFirst = true;

  async prepare(): Promise<void> {
    if (this.#isFirst) await this.create(1, "always");
    this.#isFirst = false;
    await this.set.reach(this.asleep(), () => this.suspend(true));
  }

  async order(): Promise<void> {
    await this.set.aim(this.awake(), () => this.suspend(false));
  }
}

/** In turns up and down by two sub-agents, whose states stay behind each time. */
class ScaleAct extends ActOnSet implements Act {
  readonly name = "scale";
  #replicas = 0;

  async prepare(): Promise<void> {
    if (this.#replicas > 0) return;
    this.#replicas = 1;
    await this.create(this.#replicas, "always");
  }

  async order(): Promise<void> {
    const before = this.#replicas;
    this.#replicas = before === 1 ? 3 : 1;
    const moving = agents(this.set.name, 3).slice(2);
    const pods = this.members(this.#replicas);
    const isUp = this.#replicas > before;
    // Whoever asks for a new VM in a slot asks for no old one.
    if (isUp) this.place.giveUp(...moving);
    const goal: Goal = isUp
      ? { phase: "Running", pods, starts: Object.fromEntries(moving.map((pod) => [pod, "vm"] as const)) }
      : { phase: "Running", pods, leaving: Object.fromEntries(moving.map((pod) => [pod, true] as const)) };
    await this.set.aim(goal, () =>
      this.place.editSet(this.set.name, { agent: { replicas: this.#replicas } }),
    );
  }
}

/** Each time another set, by chance awake or asleep, under one of the policies. */
class DeleteAct extends ActOnSet implements Act {
  readonly name = "delete";
  readonly #random: Random;
  #lives = 0;
  #policy = "";

  constructor(place: Place, random: Random) {
    super(place);
    this.#random = random;
  }

  async prepare(): Promise<void> {
    this.set = new PlayedSet(this.place, `demo${++this.#lives}`);
    this.#policy = this.#random.oneOf(["always", "main-only", "never"]);
    const sleeps = this.#random.oneIn(2);
    await this.create(1, this.#policy);
    if (sleeps) await this.set.reach(this.asleep(), () => this.suspend(true));
  }

  async order(): Promise<void> {
    const { name } = this.set;
    const leaving = Object.fromEntries(this.members(1).map((pod) => [pod, this.#isKept(pod)] as const));
    this.place.giveUp(...this.members(1).filter((pod) => !this.#isKept(pod)));
    await this.set.aim({ phase: "gone", pods: [], leaving }, () => this.place.remove("CocoonSet", name));
  }

  #isKept(pod: string): boolean {
    if (this.#policy === "main-only") return pod === `${this.set.name}-0`;
    return this.#policy === "always";
  }
}
