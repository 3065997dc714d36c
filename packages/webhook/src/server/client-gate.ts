import type { IncomingMessage } from "node:http";
import { verifiedClient } from "@cocoonstack/common/httpx";
import { type HttpFault, sendStatus } from "@cocoonstack/common/k8s/admission";
import type { Logger } from "@cocoonstack/common/log";
import type { Route } from "@cocoonstack/program/endpoints";

/** Who is let in, and who learns of the others. */
export interface ClientGateOptions {
  /** The common names that a client's certificate may have; undefined: any. */
  readonly names: ReadonlySet<string> | undefined;
  readonly onRefused: () => void;
  readonly log: Logger;
}

/** Whoever keeps trying must not fill the log, and whoever set it up wrongly must find the reason there. */
const logIntervalMs = 60_000;

/** Lets API servers in and nobody else, by the certificate of their connection. */
export class ClientGate {
  readonly #options: ClientGateOptions;
  readonly #loggedAtMs = new Map<string, number>();

  constructor(options: ClientGateOptions) {
    this.#options = options;
  }

  /** The route for those who are let in. */
  wrap(route: Route): Route {
    return (request, response) => {
      const refusal = this.#refusalOf(request);
      if (refusal === undefined) return route(request, response);
      this.#options.onRefused();
      this.#log(refusal);
      sendStatus(response, refusal.fault);
      return undefined;
    };
  }

  #refusalOf(request: IncomingMessage): Refusal | undefined {
    const client = verifiedClient(request);
    if ("fault" in client) {
      const why = client.fault === "untrusted" ? `untrusted: ${client.code}` : faults[client.fault];
      return { why, fault: unauthorized };
    }
    const { names } = this.#options;
    const { commonName = "" } = client;
    if (names === undefined || names.has(commonName)) return undefined;
    return { why: "its common name is not in CLIENT_NAMES", commonName, fault: forbidden };
  }

  #log({ why, commonName }: Refusal): void {
    const nowMs = performance.now();
    if (nowMs - (this.#loggedAtMs.get(why) ?? -Infinity) < logIntervalMs) return;
    this.#loggedAtMs.set(why, nowMs);
    this.#options.log.warn({ why, commonName }, "refused a client by its certificate");
  }
}

interface Refusal {
  /** One of few: it has no names in it. */
  readonly why: string;
  readonly commonName?: string;
  readonly fault: HttpFault;
}

const faults = { none: "it has no certificate", expired: "its certificate has expired" } as const;

const unauthorized: HttpFault = {
  code: 401,
  reason: "Unauthorized",
  message:
    "reviews are taken only from API servers, which show a client certificate that this webhook's CLIENT_CA vouches for; its log says what is wrong with yours",
  close: true,
};

const forbidden: HttpFault = {
  code: 403,
  reason: "Forbidden",
  message:
    "reviews are taken only from API servers, and CLIENT_NAMES does not have the name in your certificate",
  close: true,
};
