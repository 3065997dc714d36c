import type { Logger } from "@cocoonstack/common/log";
import type { Act, Acting } from "./actor.js";
import type { OwnerStatus } from "./cluster-writer.js";
import type { Outcome } from "./outcome.js";
import { differs } from "./status.js";
import type { Subject } from "./subject.js";
import { thingOf } from "./thing-of.js";

const leftOut: Outcome = { kind: "left out" };

/** What was said in the round before, and what was said or is still so in this one, by the object, the action and what it is about. */
interface Said {
  readonly before: ReadonlyMap<string, string>;
  readonly now: Map<string, string>;
}

/** Says what would be done, once for as long as round after round would do the same, and does none of it. */
export class DryActor implements Acting {
  readonly #log: Logger;
  readonly #rounds = new Map<string, Said>();
  readonly #said = new WeakMap<Subject, Said>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** A round over a key begins. What it does not do any more is news when it is to be done again. */
  begins(key: string, subjects: readonly Subject[]): void {
    const said: Said = { before: this.#rounds.get(key)?.now ?? new Map<string, string>(), now: new Map() };
    if (subjects.length === 0) this.#rounds.delete(key);
    else this.#rounds.set(key, said);
    for (const subject of subjects) this.#said.set(subject, said);
  }

  act(subject: Subject, act: Act): Promise<Outcome> {
    const { kind: action, ...details } = briefly(act);
    this.#say(subject, `${action} ${thingOf(act)}`, { action, ...details });
    return Promise.resolve(leftOut);
  }

  writeStatus(subject: Subject, status: OwnerStatus): Promise<Outcome> {
    if (differs(subject.status, status)) {
      this.#say(subject, "write-status", {
        action: "write-status",
        phase: status.phase,
        conditions: status.conditions.map((one) => `${one.type}=${one.status} ${one.reason}`),
      });
    }
    return Promise.resolve(leftOut);
  }

  #say(subject: Subject, what: string, fields: object): void {
    const { kind, namespace, name, uid } = subject.ref;
    const key = `${uid} ${what}`;
    const text = JSON.stringify(fields);
    const said = this.#said.get(subject);
    said?.now.set(key, text);
    if (said?.before.get(key) !== text) this.#log.info({ kind, namespace, name, ...fields }, "would do");
  }
}

/** An action without bodies: those may hold what no log should. */
function briefly(act: Act): { readonly kind: string } & Readonly<Record<string, unknown>> {
  switch (act.kind) {
    case "create-pod":
      return { kind: act.kind, pod: act.pod.metadata.name };
    case "delete-pod":
      return { kind: act.kind, pod: act.name };
    case "patch-pod":
      return { kind: act.kind, pod: act.name, annotations: act.annotations };
    case "patch-owner":
      return { kind: act.kind, annotations: Object.keys(act.annotations) };
    case "add-finalizer":
    case "remove-finalizer":
      return { kind: act.kind, finalizer: act.finalizer };
    case "retag":
      return { kind: act.kind, vm: act.vmName, tag: act.to, digest: act.digest };
    case "delete-tag":
      return { kind: act.kind, vm: act.vmName, tag: act.tag, digest: act.digest };
  }
}
