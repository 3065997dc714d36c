import { apiErrorOf, RequestError, type ApiStream, type ClusterConnection } from "@cocoonstack/common/k8s";
import { pathOf, type Collection } from "./collection.js";
import { LineSplitter } from "./line-splitter.js";
import { parseWatchEvent, type WatchEvent } from "./watch-event.js";

/** See {@link watchOnce}. */
export interface WatchOptions {
  readonly connection: Pick<ClusterConnection, "stream">;
  readonly collection: Collection;
  /** Where to go on from. */
  readonly resourceVersion: string;
  /** After how long the server ends the watch. */
  readonly timeoutMs: number;
  /** After how long without a byte the watch counts as dead. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
  readonly onEvent: (event: WatchEvent) => void;
}

/** How a watch came to its end without an error. */
export type WatchEnd = "ended by the server" | "silent" | "stopped";

/** Objects have at most 1.5 MiB in etcd; more than this is no object. */
const maxLineBytes = 16 * 2 ** 20;
/** A failure says in a few lines what is wrong. */
const maxFailureBytes = 64 * 2 ** 10;

/**
 * One watch, from its request to its end. It asks for bookmarks, which the server sends about once a minute where nothing else happens.
 *
 * @throws {ApiError} when the server refuses or ends it so; 410 where the resourceVersion is too old.
 * @throws {RequestError} when the connection breaks.
 */
export async function watchOnce(options: WatchOptions): Promise<WatchEnd> {
  const { collection, resourceVersion, timeoutMs, silenceMs, signal } = options;
  const silence = new AbortController();
  const onStop = (): void => {
    silence.abort();
  };
  signal.addEventListener("abort", onStop, { once: true });
  if (signal.aborted) onStop();
  const timer = setTimeout(onStop, silenceMs);
  try {
    const path = pathOf(collection, {
      watch: "true",
      allowWatchBookmarks: "true",
      resourceVersion,
      timeoutSeconds: String(Math.ceil(timeoutMs / 1_000)),
    });
    const stream = await options.connection.stream({ path, signal: silence.signal });
    await follow(options, stream, timer);
    return signal.aborted ? "stopped" : "ended by the server";
  } catch (error) {
    if (!silence.signal.aborted || !(error instanceof RequestError)) throw error;
    return signal.aborted ? "stopped" : "silent";
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onStop);
  }
}

async function follow(
  { collection, signal, onEvent }: WatchOptions,
  stream: ApiStream,
  timer: NodeJS.Timeout,
): Promise<void> {
  const what = `WATCH ${collection.path}`;
  if (stream.status !== 200) throw apiErrorOf(what, { ...stream, body: await beginning(stream) });
  const lines = new LineSplitter(maxLineBytes);
  for await (const chunk of stream.chunks) {
    timer.refresh();
    for (const line of lines.push(chunk)) {
      if (signal.aborted) return;
      onEvent(parseWatchEvent(what, line));
    }
  }
}

async function beginning({ chunks }: ApiStream): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    bytes += chunk.length;
    if (bytes > maxFailureBytes) break;
  }
  return Buffer.concat(parts);
}
