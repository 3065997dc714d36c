/** Where a contender finds what it needs; everything is on this machine. */
export interface Stage {
  /** For files that go when the benchmark ends. */
  readonly folder: string;
  readonly certFile: string;
  readonly keyFile: string;
  /** The API server to ask; undefined for a webhook without a cluster. */
  readonly kubeconfig?: string;
}

/** Something that answers admission reviews and can be measured. */
export interface Contender {
  readonly name: string;
  /** What it is: the webhook itself, one of the floors, or somebody else's webhook. */
  readonly kind: "webhook" | "floor" | "peer";
  /** Starts it on the server's core and waits until it answers. */
  start(stage: Stage): Promise<Running>;
}

/** A contender at work. */
export interface Running extends AsyncDisposable {
  readonly name: string;
  readonly kind: Contender["kind"];
  /** `https://127.0.0.1:PORT`. */
  readonly url: string;
  /** The process that answers; undefined where it is not ours to look into. */
  readonly pid: number | undefined;
  /** The event loop's delay in milliseconds, 99th percentile since the last look; undefined where nobody tells. */
  loopDelayMs(): Promise<number | undefined>;
}
