/**
 * The values of two promises. Where both fail, rejects with an AggregateError of both; `Promise.all` would name only the one
 * that failed first, which differs from run to run.
 */
export async function both<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  const results = await Promise.allSettled([a, b]);
  const errors = results.flatMap((result) =>
    result.status === "rejected" ? [result.reason as unknown] : [],
  );
  if (errors.length === 2) throw new AggregateError(errors, errors.map(messageOf).join("; "));
  return Promise.all([a, b]);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
