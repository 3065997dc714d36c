import { type ApiRequest, type ApiResponse, RequestError } from "@cocoonstack/common/k8s";

/** What a script answers: a status with JSON, or nothing at all. */
export type ScriptedAnswer = { readonly status: number; readonly body?: object } | "no answer";

/** A failure as API servers put it. */
export const failure = (status: number, reason: string, message: string): ScriptedAnswer => ({
  status,
  body: { kind: "Status", status: "Failure", code: status, reason, message },
});

/** A connection to an API server that answers as a function says, and remembers what it was asked. */
export class ScriptedConnection {
  readonly requests: ApiRequest[] = [];
  readonly #answer: (request: ApiRequest) => ScriptedAnswer;

  constructor(answer: (request: ApiRequest) => ScriptedAnswer) {
    this.#answer = answer;
  }

  /** The requests by one method. */
  by(method: ApiRequest["method"]): readonly ApiRequest[] {
    return this.requests.filter((request) => request.method === method);
  }

  request(request: ApiRequest): Promise<ApiResponse> {
    this.requests.push(request);
    const answer = this.#answer(request);
    if (answer === "no answer") {
      return Promise.reject(
        new RequestError("timeout", `${request.method ?? "GET"} ${request.path}: timed out`),
      );
    }
    const body = Buffer.from(JSON.stringify(answer.body ?? {}));
    return Promise.resolve({ status: answer.status, headers: {}, body });
  }
}
