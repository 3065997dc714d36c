import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const folder = path.resolve(import.meta.dirname, "../data");

/** A review and what the reference webhook decided. */
export interface RecordedDecision {
  readonly path: string;
  readonly allowed: boolean;
  readonly review: {
    readonly request: {
      readonly uid: string;
      readonly operation: string;
      readonly kind: { readonly kind: string };
      readonly object?: unknown;
      readonly oldObject?: unknown;
    };
  };
}

/** The decisions of the reference webhook, in the order of the file. */
export function recordedDecisions(): readonly RecordedDecision[] {
  return readFileSync(path.join(folder, "decisions.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as RecordedDecision);
}

/** A review as a real API server sent it, byte for byte, and the endpoint that it was sent to. */
export interface RecordedReview {
  readonly file: string;
  readonly path: string;
  readonly body: string;
}

/** The recorded reviews; their files are named `ENDPOINT-KIND-OPERATION-RESOURCE.json`. */
export function recordedReviews(): readonly RecordedReview[] {
  const reviews = path.join(folder, "reviews");
  return readdirSync(reviews).map((file) => ({
    file,
    path: `/${/^[a-z-]+(?=-[A-Z])/.exec(file)?.[0] ?? ""}`,
    body: readFileSync(path.join(reviews, file), "utf8"),
  }));
}
