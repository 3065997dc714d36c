import type { ClusterConfig, ClusterConnection } from "@cocoonstack/common/k8s";
import { type Logger, setup } from "@cocoonstack/common/log";
import { buildInfo, print, say } from "@cocoonstack/program/command-line";
import { type Config, options as settings } from "../config/index.js";
import { type DecisionFormat, decisionLine, isShown, type OwnAddress, Probe } from "../dev/index.js";
import { both, runWebhook } from "../server/index.js";
import { hasColours, painter, visible } from "@cocoonstack/program/terminal";
import { registered } from "./dev-registration.js";
import { logSentence } from "./log-sentence.js";
import { reasonsToStop } from "./reasons-to-stop.js";
import { throwawayCertificate } from "./throwaway-certificate.js";

/** What a webhook for development needs. */
export interface DevSession {
  readonly address: OwnAddress;
  readonly config: Config;
  readonly cluster: ClusterConfig;
  readonly connection: ClusterConnection;
  /** The one namespace that it decides for; undefined: all. */
  readonly namespace: string | undefined;
  readonly output: DecisionFormat;
}

/**
 * Serves, registered, until it is told to stop.
 *
 * @throws {AggregateError} of everything that went wrong.
 */
export async function serveRegistered(session: DevSession): Promise<void> {
  const { config, connection, output } = session;
  const certificate = await throwawayCertificate(session.address.host);
  const probe = new Probe(connection);
  const paint = painter(hasColours(process.stdout, process.env));
  const reasons = reasonsToStop();
  const ended = new AbortController();

  const listening = deferred<number>();
  const serving = runWebhook({
    config,
    log: logForPeople(),
    build: buildInfo,
    certificate,
    renewal: undefined,
    clientAuthorities: undefined,
    connection,
    signal: ended.signal,
    hurry: ended.signal,
    onListening: ({ admission }) => {
      listening.resolve(admission.port);
    },
    onDecision: (record) => {
      if (probe.recognise(record) || (output === "text" && !isShown(record))) return;
      print(`${decisionLine(output, record, { time: new Date(), paint })}\n`);
    },
  });
  // A server that fails ends the registration, too; its error is reported once, by `both`.
  const failed = serving.then(
    () => undefined,
    () => {
      reasons.stop();
    },
  );
  const register = async (): Promise<void> => {
    const port = await Promise.race([listening.promise, failed]);
    if (port === undefined) return;
    const url = session.address.url(port);
    await registered(session, { url, certificate, probe, stop: reasons.signal });
  };
  try {
    await both(
      register().finally(() => {
        ended.abort();
      }),
      serving,
    );
  } finally {
    reasons.end();
  }
}

/** Decisions are shown in another way; of the rest, people want to know what goes wrong. */
function logForPeople(): Logger {
  const destination = {
    write: (line: string): void => {
      const sentence = logSentence(line);
      if (sentence !== undefined) say(visible(sentence));
    },
  };
  return setup(settings.logLevel.env, { env: { [settings.logLevel.env]: "warn" }, destination });
}

function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
