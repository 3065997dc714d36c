import { destination, pino, stdTimeFunctions, type DestinationStream, type Logger as PinoLogger } from "pino";
import { parseLevel, type Level } from "./level.js";
import { withoutSecrets } from "./secrets.js";

/**
 * What a room needs to write to the log: fields first, then a short message.
 *
 * @example
 * ```ts
 * log.info({ name: "web-0", rule: "owner" }, "refused");
 * log.error({ err: error }, "could not list hibernations");
 * ```
 */
export type Logger = Pick<PinoLogger, Level | "isLevelEnabled"> & {
  /** A logger that adds `fields` to every line. */
  child(fields: Record<string, unknown>): Logger;
};

/**
 * See {@link setup}.
 *
 * @example
 * ```ts
 * const lines: string[] = [];
 * const options: SetupOptions = { env: {}, destination: { write: (line) => void lines.push(line) } };
 * setup("WEBHOOK_LOG_LEVEL", options).info("listening");
 * lines.length; // 1
 * ```
 */
export interface SetupOptions {
  /** @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /**
   * Where lines go.
   * @default standard output
   */
  readonly destination?: DestinationStream;
}

/** Lines that cannot be written (a full disk) wait up to this size, and are dropped beyond it. */
const maxPendingBytes = 1 << 20;

/**
 * The logger of a program: one JSON object a line on standard output, with `level` as a word and `time` in ISO 8601, from
 * the level that `envVar` holds (default `info`).
 *
 * Lines are written at once, so none is lost in a crash, and output that cannot be written never ends the process. Fields
 * whose names look secret (token, authorization, cookie, key, password, …) and object bodies are replaced by `[redacted]`, at
 * any depth; bearer tokens, private keys, and JSON Web Tokens and session cookies wherever they stand, in messages as well.
 *
 * @throws {LogLevelError} when `envVar` holds no level.
 *
 * @example
 * ```ts
 * const log = setup("WEBHOOK_LOG_LEVEL");
 * log.info({ address: ":8443" }, "listening");
 * ```
 */
export function setup(envVar: string, options: SetupOptions = {}): Logger {
  const logger = pino(
    {
      level: parseLevel(envVar, (options.env ?? process.env)[envVar]),
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      // Errors have become plain objects by then.
      serializers: { err: (value: unknown) => value },
      formatters: { level: (level) => ({ level }) },
      hooks: {
        logMethod(args, method) {
          method.apply(this, safeArguments(args) as typeof args);
        },
      },
    },
    options.destination ?? standardOutput(),
  );
  return scrubChildren(logger);
}

/** What pino may see of a call; of a bare error it would put the message into the line as it is. */
function safeArguments([first, ...rest]: readonly unknown[]): unknown[] {
  const safe =
    first instanceof Error
      ? [{ err: first }, ...(rest.length > 0 ? rest : [first.message])]
      : [first, ...rest];
  return safe.map(withoutSecrets);
}

/** pino shows a child's fields to no hook, so they are scrubbed on the way in. Children inherit the method. */
function scrubChildren(logger: PinoLogger): Logger {
  const child = Reflect.get(logger, "child");
  return Object.assign(logger, {
    child(this: PinoLogger, fields: Record<string, unknown>): Logger {
      return child.call(this, withoutSecrets(fields) as Record<string, unknown>);
    },
  });
}

function standardOutput(): DestinationStream {
  const stdout = destination({ fd: process.stdout.fd, sync: true, maxLength: maxPendingBytes });
  // A closed pipe or a full disk: the log is lost, the work goes on.
  stdout.on("error", () => undefined);
  return stdout;
}
