import { randomUUID } from "node:crypto";
import { type ClusterConnection, decodeUnstructured } from "@cocoonstack/common/k8s";
import { kindCocoonSet } from "@cocoonstack/common/meta";
import { podsOf } from "../../packages/operator/src/sets/index.js";
import { apiPath } from "../../test/support/api-path.js";
import { inTurns } from "../../test/support/in-turns.js";
import { cocoonSet } from "../../test/support/objects.js";
import { send } from "../../test/support/send.js";
import { atOnce, type Field, setsNs } from "./field.js";
import { instantNodeName } from "./instant-node.js";

/** How many sub-agents each set has beside its main agent. */
export const subAgents = 2;

/** What brings up sets. */
export interface Maker {
  /** Has sets made with their main agents. */
  open(names: readonly string[]): Promise<void>;
  /** Has their sub-agents made. */
  grow(names: readonly string[]): Promise<void>;
  /** Resolves once there is nothing left to say about sets of so many agents. */
  settle(names: readonly string[], agents: number): Promise<void>;
}

const image = "ghcr.io/cocoonstack/cocoon/ubuntu:24.04";

/** Writes sets, and leaves the rest to an operator. */
export const throughOperator = ({ admin, reached }: Field): Maker => ({
  open: (names) =>
    inTurns(atOnce, names, (name) =>
      send(admin, {
        method: "POST",
        path: apiPath("CocoonSet", setsNs),
        body: JSON.stringify(cocoonSet(name, { agent: { image } })),
      }),
    ),
  grow: (names) =>
    inTurns(atOnce, names, (name) =>
      send(admin, {
        method: "PATCH",
        path: apiPath("CocoonSet", setsNs, name),
        body: JSON.stringify({ spec: { agent: { replicas: subAgents } } }),
        contentType: "application/merge-patch+json",
      }),
    ),
  settle: async (names, agents) => {
    await reached.until(names.map((name) => `${name} runs ${agents}`));
  },
});

/**
 * Creates the very same pods, with nobody who decides about them: what the API server of this machine does at most. It is the operator's
 * account, so that the audit log has as much to write.
 */
export function bareClient(connection: Pick<ClusterConnection, "request">): Maker {
  const create = (pods: readonly object[]): Promise<void> =>
    inTurns(atOnce, pods, (pod) =>
      send(connection, { method: "POST", path: apiPath("Pod", setsNs), body: JSON.stringify(pod) }),
    );
  return {
    open: (names) => create(names.flatMap((name) => podsOfSet(name).slice(0, 1))),
    grow: (names) => create(names.flatMap((name) => podsOfSet(name).slice(1))),
    settle: () => Promise.resolve(),
  };
}

/** Main agent first; sub-agents are on its node from the beginning, as the operator has it. */
function podsOfSet(name: string): readonly object[] {
  const set = decodeUnstructured(cocoonSet(name, { agent: { image, replicas: subAgents } }), kindCocoonSet);
  const metadata = { ...set.metadata, namespace: setsNs, uid: randomUUID(), generation: 1 };
  const [main, ...others] = podsOf({ ...set, metadata }).pods;
  return [
    ...(main === undefined ? [] : [main]),
    ...others.map((pod) => ({ ...pod, spec: { ...pod.spec, nodeName: instantNodeName } })),
  ];
}
