import { setTimeout as delay } from "node:timers/promises";
import type { ApiResponse, ControlPlane } from "../../controlplane/index.js";
import { pod } from "../objects.js";

/** A request that the webhook decides, and what has to come back. */
interface Question {
  readonly method: "POST" | "PATCH";
  readonly path: string;
  readonly body: unknown;
  readonly contentType?: string;
  readonly status: number;
  /** Part of the message. */
  readonly message?: string;
}

const ownerReferences = [
  { apiVersion: "cocoonset.cocoonstack.io/v1", kind: "CocoonSet", name: "demo", uid: "demo" },
];

/** One for each way of deciding: a refusal, two admissions one after the other, and one that asks the API server itself. */
export const questionsIn = (namespace: string, deployment: string): readonly Question[] => [
  {
    method: "POST",
    path: `/api/v1/namespaces/${namespace}/pods?dryRun=All`,
    body: pod("stray"),
    status: 403,
    message: `pod ${namespace}/stray tolerates virtual-kubelet.io/provider, which makes it a Cocoon VM, and no CocoonSet owns it`,
  },
  {
    method: "POST",
    path: `/api/v1/namespaces/${namespace}/pods?dryRun=All`,
    body: pod("owned", { ownerReferences }),
    status: 201,
  },
  {
    method: "PATCH",
    path: `/apis/apps/v1/namespaces/${namespace}/deployments/${deployment}/scale?dryRun=All`,
    body: { spec: { replicas: 1 } },
    contentType: "application/merge-patch+json",
    status: 403,
    message: `Deployment ${namespace}/${deployment}`,
  },
];

/** How many ask all the time, and how many more at once now and then, which leaves API servers with idle connections. */
const steady = 8;
const burst = 16;
const longestBetweenBurstsMs = 4_000;

/** Asks the API server until it is told to stop, and counts. */
export class AdmissionLoad {
  readonly #plane: ControlPlane;
  readonly #questions: readonly Question[];
  readonly #stop = new AbortController();
  readonly #asking: Promise<unknown>;
  #asked = 0;
  /** What came back in place of the known answer. */
  readonly failures: string[] = [];

  constructor(plane: ControlPlane, questions: readonly Question[]) {
    this.#plane = plane;
    this.#questions = questions;
    this.#asking = Promise.all([...Array.from({ length: steady }, () => this.#askOn()), this.#askInBursts()]);
  }

  /** How many answers have come. */
  get answered(): number {
    return this.#asked;
  }

  /** Stops, and waits for the last answers. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#asking;
  }

  async #askOn(): Promise<void> {
    while (!this.#stop.signal.aborted) await this.#askNext();
  }

  async #askInBursts(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await Promise.all(Array.from({ length: burst }, () => this.#askNext()));
      await delay(Math.random() * longestBetweenBurstsMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #askNext(): Promise<void> {
    const question = this.#questions[this.#asked++ % this.#questions.length];
    if (question === undefined) return;
    const { method, path, body, contentType = "application/json" } = question;
    const answer = await this.#plane
      .request(method, path, body, { contentType })
      .catch((error: unknown) => ({ status: 0, body: { message: String(error) } }));
    if (!isExpected(question, answer)) {
      const at = new Date().toISOString();
      this.failures.push(`${at} ${method} ${path}: ${answer.status} ${messageOf(answer)}`);
    }
  }
}

const isExpected = ({ status, message = "" }: Question, answer: ApiResponse): boolean =>
  answer.status === status && messageOf(answer).includes(message);

function messageOf({ body }: ApiResponse): string {
  const { message = "" } = body as { readonly message?: string };
  return message;
}
