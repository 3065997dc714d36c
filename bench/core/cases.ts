import { cocoonPod, cocoonSet, deploymentUpdate, invalidCocoonSet, ordinaryPod } from "./reviews.js";

/** A load that contenders are measured under. */
export interface Case {
  readonly name: string;
  /** The endpoint, where webhooks of this product have it. */
  readonly path: string;
  readonly body: string;
  readonly connections: number;
  /** @default false */
  readonly newConnections?: boolean;
}

const pod = ordinaryPod(2700);

/** What an API server sends, at 8 connections; then the same pod over other connections. */
export const cases: readonly Case[] = [
  { name: "ordinary pod, 2.7 kB", path: "/mutate", body: pod, connections: 8 },
  { name: "ordinary pod, 60 kB", path: "/mutate", body: ordinaryPod(60_000), connections: 8 },
  { name: "cocoon pod", path: "/mutate", body: cocoonPod(), connections: 8 },
  { name: "Deployment update, 7 kB", path: "/validate", body: deploymentUpdate(7000), connections: 8 },
  { name: "CocoonSet, small", path: "/validate-cocoonset", body: cocoonSet(2), connections: 8 },
  { name: "CocoonSet, 50 toolboxes", path: "/validate-cocoonset", body: cocoonSet(50), connections: 8 },
  { name: "CocoonSet, invalid", path: "/validate-cocoonset", body: invalidCocoonSet(), connections: 8 },
  { name: "ordinary pod, 64 connections", path: "/mutate", body: pod, connections: 64 },
  {
    name: "ordinary pod, a connection each",
    path: "/mutate",
    body: pod,
    connections: 8,
    newConnections: true,
  },
];
