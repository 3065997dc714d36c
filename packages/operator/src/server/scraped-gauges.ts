import { Gauge, type Registry } from "prom-client";
import type { ClusterCache, Followed } from "../observe/index.js";

/** How much waits to be worked, and for how long. */
export interface QueueState {
  readonly depth: number;
  readonly delayed: number;
  readonly longestPassMs: number;
}

/** Measures at each scrape how many objects are followed, how long ago the API server was last heard, and what waits. */
export function measureAtScrape(
  registry: Registry,
  cache: Pick<ClusterCache, "state">,
  queue: () => QueueState,
): void {
  const gauge = (name: string, help: string, read: (one: Followed) => number): void => {
    new Gauge({
      name: `cocoon_operator_${name}`,
      help,
      labelNames: ["resource"],
      registers: [registry],
      collect() {
        for (const resource of Object.keys(cache.state) as Followed[]) this.set({ resource }, read(resource));
      },
    });
  };
  gauge("informer_objects", "Objects in memory.", (one) => cache.state[one].size);
  gauge(
    "informer_last_event_age_seconds",
    "How long ago the API server was last heard of this resource.",
    (one) => cache.state[one].silentForMs / 1_000,
  );
  const single = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name: `cocoon_operator_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  single("queue_depth", "Keys that wait for a worker.", () => queue().depth);
  single("queue_delayed", "Keys that wait for their time.", () => queue().delayed);
  single(
    "longest_pass_seconds",
    "How long the oldest pass that runs has been running.",
    () => queue().longestPassMs / 1_000,
  );
}
