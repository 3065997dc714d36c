import { Session } from "node:inspector";

interface Range {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

interface Script {
  readonly url: string;
  readonly functions: readonly { readonly ranges: readonly Range[] }[];
}

/** What ran in a function, by character of its text: 1 for what did. */
interface RanIn {
  readonly key: string;
  readonly ran: Uint8Array;
}

/** What ran between two looks. */
export type Look = readonly RanIn[];

/**
 * Which code of the packages has run, from V8 itself: it reports by block, and counts whether, not how often, so that the
 * code stays as fast as without (a look costs about two milliseconds, so it is taken after many inputs).
 */
export class Coverage implements Disposable {
  readonly #session = new Session();
  /** By function: for each character of it whether it has run. */
  readonly #seen = new Map<string, Uint8Array>();

  constructor() {
    this.#session.connect();
    this.#post("Profiler.enable");
    this.#post("Profiler.startPreciseCoverage", { callCount: false, detailed: true });
  }

  /** What has run since the last look. */
  look(): Look {
    return this.#take().flatMap(({ url, functions }) =>
      functions.flatMap(({ ranges }) => {
        const [whole] = ranges;
        return whole === undefined || whole.count === 0 ? [] : [ranIn(url, whole, ranges)];
      }),
    );
  }

  /** Whether anything in it never ran before. */
  isNew(look: Look): boolean {
    return look.some(({ key, ran }) => {
      const seen = this.#seen.get(key);
      return ran.some((flag, index) => flag === 1 && seen?.[index] !== 1);
    });
  }

  /** Remembers what has run. */
  add(look: Look): void {
    for (const { key, ran } of look) {
      const seen = this.#seen.get(key) ?? new Uint8Array(ran.length);
      for (const [index, flag] of ran.entries()) seen[index] = Math.max(flag, seen[index] ?? 0);
      this.#seen.set(key, seen);
    }
  }

  /** How many characters of code have run, in whole blocks: a measure to compare by. */
  get size(): number {
    let size = 0;
    for (const seen of this.#seen.values()) for (const flag of seen) size += flag;
    return size;
  }

  [Symbol.dispose](): void {
    this.#session.disconnect();
  }

  #take(): readonly Script[] {
    const { result } = this.#post("Profiler.takePreciseCoverage") as { readonly result: readonly Script[] };
    return result.filter(({ url }) => /\/packages\/[^/]+\/src\//.test(url));
  }

  /** The inspector of one's own process answers at once. */
  #post(method: string, parameters: object = {}): unknown {
    let answer: unknown;
    this.#session.post(method, parameters, (error, result: unknown) => {
      if (error !== null) throw error;
      answer = result;
    });
    return answer;
  }
}

/** The first range is the whole function; those within it differ from what is around them. */
function ranIn(url: string, whole: Range, ranges: readonly Range[]): RanIn {
  const ran = new Uint8Array(whole.endOffset - whole.startOffset);
  for (const { startOffset, endOffset, count } of ranges) {
    ran.fill(Math.min(count, 1), startOffset - whole.startOffset, endOffset - whole.startOffset);
  }
  // By function, because the text of one that stands in another counts as run with the outer one.
  return { key: `${url}:${whole.startOffset}:${whole.endOffset}`, ran };
}
