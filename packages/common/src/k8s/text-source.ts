import { readFile } from "node:fs/promises";
import { ConfigError } from "./config-error.js";
import { errorCode } from "../internal/index.js";

/** A piece of text that may change while the process runs, such as a token file. */
export interface TextSource {
  read(): Promise<string>;
  /** Makes the next `read` look again, however young the cached text is. */
  forget(): void;
}

/** Text that never changes. */
export function fixedText(text: string): TextSource {
  return { read: () => Promise.resolve(text), forget: () => undefined };
}

/**
 * A file that is read again when its text is older than `maxAgeMs`. Callers at the same moment share one read. A file that
 * cannot be read, or is empty, leaves the last good text in force, because a rotation may be under way; only the first
 * read throws, a {@link ConfigError} that names the file.
 */
export function fileText(path: string, maxAgeMs: number): TextSource {
  let text: string | undefined;
  let readAt = -Infinity;
  let reading: Promise<string> | undefined;

  const load = async (): Promise<string> => {
    try {
      const fresh = await readFile(path, "utf8");
      if (fresh.trim() === "") throw new ConfigError(`${path} is empty`);
      text = fresh;
    } catch (cause) {
      if (text === undefined) throw unreadable(path, cause);
    } finally {
      readAt = performance.now();
      reading = undefined;
    }
    return text;
  };

  return {
    read: () => {
      if (text !== undefined && performance.now() - readAt < maxAgeMs) return Promise.resolve(text);
      return (reading ??= load());
    },
    forget: () => {
      readAt = -Infinity;
    },
  };
}

function unreadable(path: string, cause: unknown): ConfigError {
  if (cause instanceof ConfigError) return cause;
  return new ConfigError(`${path} cannot be read (${errorCode(cause) ?? "unknown error"})`, { cause });
}
