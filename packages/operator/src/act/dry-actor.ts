import type { Logger } from "@cocoonstack/common/log";
import type { Act, Acting } from "./actor.js";
import type { OwnerStatus } from "./cluster-writer.js";
import type { Outcome } from "./outcome.js";
import type { Subject } from "./subject.js";

const leftOut: Outcome = { kind: "left out" };

/** Says what would be done, once for as long as it stays the same, and does none of it. */
export class DryActor implements Acting {
  readonly #log: Logger;
  /** What was said last of each thing. */
  readonly #said = new Map<string, string>();

  constructor(log: Logger) {
    this.#log = log;
  }

  act(subject: Subject, act: Act): Promise<Outcome> {
    const { kind: action, ...details } = briefly(act);
    this.#say(subject, JSON.stringify([action, details]), { action, ...details });
    return Promise.resolve(leftOut);
  }

  writeStatus(subject: Subject, { conditions, ...fields }: OwnerStatus): Promise<Outcome> {
    const said = conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`);
    this.#say(subject, "status", {
      action: "write-status",
      phase: "phase" in fields ? fields.phase : undefined,
      conditions: said,
    });
    return Promise.resolve(leftOut);
  }

  #say({ ref: { kind, namespace, name, uid } }: Subject, what: string, fields: object): void {
    const key = `${uid} ${what}`;
    const text = JSON.stringify(fields);
    if (this.#said.get(key) === text) return;
    this.#said.set(key, text);
    this.#log.info({ kind, namespace, name, ...fields }, "would do");
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
