import { UnansweredError } from "./load.js";
import type { Patience } from "./patience.js";
import { tolerableShare, withStolenShare } from "./stolen.js";

/** A turn that was taken. */
export interface Turn<T> {
  readonly result: T;
  /** Which share of a core the host gave to others meanwhile. */
  readonly share: number;
}

/** How often a turn is taken, at most, to find a quiet one. */
const searches = 3;

/** How often a turn is taken, at most, to find one in which anything was answered. */
const attempts = 10;

/**
 * Takes a turn, and takes it again, in a quieter moment if there is one, where the machine was given to others meanwhile. Gives the
 * quietest, with what was taken away from it: a host that is busy all the time is measured as it is.
 *
 * @throws {UnansweredError} when nothing was answered in any of ten turns.
 */
export async function undisturbed<T>(take: () => Promise<T>, patience: Patience): Promise<Turn<T>> {
  let quietest: Turn<T> | undefined;
  for (let attempt = 1; ; attempt++) {
    const { result, share } = await withStolenShare(
      () => answered(take, attempt < attempts),
      patience.stolen,
    );
    if (result !== undefined && share < (quietest?.share ?? Number.POSITIVE_INFINITY)) {
      quietest = { result: result.value, share };
    }
    if (quietest !== undefined && (attempt >= searches || quietest.share <= tolerableShare)) {
      return quietest;
    }
    await patience.untilQuiet();
  }
}

/** What a turn gave; undefined where nothing was answered in it and that is not the end. */
async function answered<T>(
  take: () => Promise<T>,
  isLenient: boolean,
): Promise<{ readonly value: T } | undefined> {
  try {
    return { value: await take() };
  } catch (error) {
    if (isLenient && error instanceof UnansweredError) return undefined;
    throw error;
  }
}
