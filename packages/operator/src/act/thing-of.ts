import type { Act } from "./actor.js";

/** What an action is about, for people: the name of a pod, `NAME:TAG`, the annotations, or the finalizer. */
export function thingOf(act: Act): string {
  switch (act.kind) {
    case "create-pod":
      return act.pod.metadata.name;
    case "delete-pod":
    case "patch-pod":
      return act.name;
    case "retag":
      return `${act.vmName}:${act.to}`;
    case "delete-tag":
      return `${act.vmName}:${act.tag}`;
    case "patch-owner":
      return Object.keys(act.annotations).join(", ");
    case "add-finalizer":
    case "remove-finalizer":
      return act.finalizer;
  }
}
