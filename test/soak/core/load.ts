import { setTimeout as delay } from "node:timers/promises";
import type { ApiResponse, ControlPlane } from "../../controlplane/index.js";
import { type Question, questions } from "./questions.js";
import { ReviewCounts } from "./review.js";

/** How many ask all the time, and how many more at once now and then, which leaves API servers with idle connections. */
const steady = 8;
const burst = 16;
const longestBetweenBurstsMs = 4_000;

/** Asks the API server all questions in turn until it is told to stop, and keeps the books. */
export class AdmissionLoad {
  readonly #plane: ControlPlane;
  readonly #pauseMs: number;
  readonly #stop = new AbortController();
  readonly #asking: Promise<unknown>;
  #asked = 0;
  /** What the webhook must have decided, if all went as it should. */
  readonly expected = new ReviewCounts();
  /** What came back in place of the known answer. */
  readonly failures: string[] = [];

  /** @param pauseMs how long each of those who ask waits after an answer; none is as fast as it goes */
  constructor(plane: ControlPlane, pauseMs = 0) {
    this.#plane = plane;
    this.#pauseMs = pauseMs;
    this.#asking = Promise.all([...Array.from({ length: steady }, () => this.#askOn()), this.#askInBursts()]);
  }

  /** How many questions were asked. */
  get asked(): number {
    return this.#asked;
  }

  /** Stops, and waits for the last answers. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#asking;
  }

  async #askOn(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#askNext();
      if (this.#pauseMs > 0) await delay(this.#pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #askInBursts(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await Promise.all(Array.from({ length: burst }, () => this.#askNext()));
      await delay(Math.random() * longestBetweenBurstsMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #askNext(): Promise<void> {
    const question = questions[this.#asked++ % questions.length];
    if (question === undefined) return;
    const { method, path, body, contentType = "application/json" } = question;
    const answer = await this.#plane
      .request(method, path, body, { contentType })
      .catch((error: unknown) => ({ status: 0, body: { message: String(error) } }));
    for (const review of question.reviews) this.expected.add(review);
    if (!isExpected(question, answer)) {
      const at = new Date().toISOString();
      this.failures.push(`${at} ${question.name}: ${answer.status} ${messageOf(answer)}`);
    }
  }
}

const isExpected = ({ status, message = "" }: Question, answer: ApiResponse): boolean =>
  answer.status === status && messageOf(answer).includes(message);

function messageOf({ body }: ApiResponse): string {
  const { message = "" } = body as { readonly message?: string };
  return message;
}
