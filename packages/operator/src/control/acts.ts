import type { Act } from "../act/index.js";
import { type Action, tagKey } from "../model/index.js";

/** What is done about a pod. */
export type PodAct = Extract<Act, { readonly kind: "create-pod" | "delete-pod" | "patch-pod" }>;
/** What is changed at the registry. */
export type TagAct = Extract<Act, { readonly kind: "retag" | "delete-tag" }>;
/** What is changed of the CocoonSet or CocoonHibernation itself, but for its status. */
export type OwnerAct = Extract<Act, { readonly kind: "patch-owner" | "add-finalizer" | "remove-finalizer" }>;

/** Whether something is done about a pod. */
export const isPodAct = (action: Action): action is PodAct =>
  action.kind === "create-pod" || action.kind === "delete-pod" || action.kind === "patch-pod";

/** Whether something is changed at the registry. */
export const isTagAct = (action: Action): action is TagAct =>
  action.kind === "retag" || action.kind === "delete-tag";

/** Whether the object itself is changed. */
export const isOwnerAct = (action: Action): action is OwnerAct =>
  action.kind === "patch-owner" || action.kind === "add-finalizer" || action.kind === "remove-finalizer";

/** The name of the pod that it is about. */
export const podOf = (act: PodAct): string => (act.kind === "create-pod" ? act.pod.metadata.name : act.name);

/** The `tagKey` of the tag that it changes. */
export const changedTag = (act: TagAct): string =>
  tagKey({ vmName: act.vmName, tag: act.kind === "retag" ? act.to : act.tag });
