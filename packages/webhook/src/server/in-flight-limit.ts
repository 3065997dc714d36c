import { sendStatus } from "@cocoonstack/common/k8s/admission";
import type { Route } from "@cocoonstack/program/endpoints";

/**
 * Bounds how many requests are served at once, over all routes that it wraps: each may hold a body of megabytes. One more
 * gets 503 with `Retry-After`, on which API servers send the same review again within its time-out.
 */
export class InFlightLimit {
  readonly #most: number;
  readonly #onRefused: () => void;
  #inFlight = 0;

  constructor(most: number, onRefused: () => void) {
    this.#most = most;
    this.#onRefused = onRefused;
  }

  /** The route within the limit. */
  wrap(route: Route): Route {
    const release = (): void => {
      this.#inFlight -= 1;
    };
    return (request, response) => {
      if (this.#inFlight >= this.#most) {
        this.#onRefused();
        sendStatus(response, {
          code: 503,
          reason: "ServiceUnavailable",
          message: "the webhook is overloaded; try again",
          headers: { "Retry-After": "1" },
          close: true,
        });
        return undefined;
      }
      this.#inFlight += 1;
      // Comes once, whether the answer was sent or the client went away.
      response.once("close", release);
      return route(request, response);
    };
  }
}
