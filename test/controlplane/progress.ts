/** Where progress is shown, such as `process.stderr`. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Shows how long work is getting on. */
export interface Progress {
  /** Writes a line that stays. */
  say(line: string): void;
  /** Shows no more, and takes the live line away. */
  end(): void;
}

/**
 * Shows what `describe` returns, with the time elapsed: on a terminal as one live line, elsewhere (a CI log) as a line every ten
 * seconds.
 */
export function startProgress(stream: ProgressStream, describe: () => string): Progress {
  const live = stream.isTTY === true;
  const clear = live ? "\r\u001b[K" : "";
  const started = performance.now();
  const show = (): void => {
    const line = `${describe()} (${elapsed(performance.now() - started)})`;
    // A line that wraps could not be taken back.
    stream.write(live ? clear + line.slice(0, (stream.columns ?? 80) - 1) : `${line}\n`);
  };
  const timer = setInterval(show, live ? 500 : 10_000);
  return {
    say: (line) => {
      stream.write(`${clear}${line} (${elapsed(performance.now() - started)})\n`);
    },
    end: () => {
      clearInterval(timer);
      stream.write(clear);
    },
  };
}

/** `75_000` → `1 min 15 s`. */
export function elapsed(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
