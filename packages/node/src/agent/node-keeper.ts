import { sleep } from "@cocoonstack/common/k8s";
import type { Logger } from "@cocoonstack/common/log";
import { type Api, hasStatus, send, sendPatch } from "./api.js";
import { nodeClaims, type NodeFacts, nodeObject, nodeStatus } from "./node-object.js";

/** See {@link NodeKeeper}. */
export interface NodeKeeperOptions {
  readonly api: Api;
  readonly node: NodeFacts;
  readonly log: Logger;
  /** Whether the cluster has the Node, and takes it for ready. */
  readonly isWell: () => boolean;
}

const leaseSeconds = 40;
const renewMs = 10_000;
const retryMs = 1_000;

const nodesPath = "/api/v1/nodes";
const leasesPath = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

/** Keeps the Node and its Lease there and fresh, by which the cluster knows that the agent lives. */
export class NodeKeeper {
  readonly #options: NodeKeeperOptions;
  readonly #nodePath: string;
  readonly #leasePath: string;

  constructor(options: NodeKeeperOptions) {
    this.#options = options;
    const name = encodeURIComponent(options.node.name);
    this.#nodePath = `${nodesPath}/${name}`;
    this.#leasePath = `${leasesPath}/${name}`;
  }

  /** Registers the node, and then keeps at it until `signal` is aborted. What fails is tried again. */
  async run(signal: AbortSignal): Promise<void> {
    let uid: string | undefined;
    do {
      try {
        if (uid === undefined || !this.#options.isWell()) uid = await this.#register(signal);
        await this.#renew(uid, signal);
      } catch (err) {
        if (signal.aborted) return;
        this.#options.log.warn({ err }, "could not tell the cluster that the node lives");
        await sleep(retryMs, signal);
        continue;
      }
      await sleep(renewMs, signal);
    } while (!signal.aborted);
  }

  /** Takes the Node and its Lease away. */
  async remove(): Promise<void> {
    for (const path of [this.#leasePath, this.#nodePath]) {
      try {
        await send(this.#options.api, { method: "DELETE", path });
      } catch (error) {
        if (!hasStatus(error, 404)) throw error;
      }
    }
  }

  /** Gives the Node's UID. */
  async #register(signal: AbortSignal): Promise<string> {
    const { api, node } = this.#options;
    try {
      return uidOf(await send(api, { method: "POST", path: nodesPath, body: nodeObject(node), signal }));
    } catch (error) {
      if (!hasStatus(error, 409)) throw error;
    }
    await sendPatch(api, this.#nodePath, nodeClaims(node), signal);
    return uidOf(await sendPatch(api, `${this.#nodePath}/status`, { status: nodeStatus(node) }, signal));
  }

  async #renew(uid: string, signal: AbortSignal): Promise<void> {
    const { api, node } = this.#options;
    const { name } = node;
    const spec = { holderIdentity: name, leaseDurationSeconds: leaseSeconds, renewTime: microTime() };
    try {
      await sendPatch(api, this.#leasePath, { spec }, signal);
    } catch (error) {
      if (!hasStatus(error, 404)) throw error;
      const owner = { apiVersion: "v1", kind: "Node", name, uid };
      const body = {
        apiVersion: "coordination.k8s.io/v1",
        kind: "Lease",
        metadata: { name, ownerReferences: [owner] },
        spec,
      };
      await send(api, { method: "POST", path: leasesPath, body, signal });
    }
  }
}

const uidOf = (body: Buffer): string =>
  (JSON.parse(body.toString("utf8")) as { readonly metadata: { readonly uid: string } }).metadata.uid;

/** Kubernetes' MicroTime has six digits, no more and no less. */
const microTime = (): string => new Date().toISOString().replace("Z", "000Z");
