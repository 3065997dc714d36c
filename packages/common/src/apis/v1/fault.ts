/** What is wrong, and where, from the inside out. */
export interface Fault {
  readonly message: string;
  readonly steps: string[];
}

/** Finds the first fault of a value that is neither `null` nor `undefined`. */
export type Check = (value: unknown) => Fault | undefined;

export const fault = (message: string): Fault => ({ message, steps: [] });

/** `inner`, seen from one level further out. */
export function within(inner: Fault, step: string): Fault {
  inner.steps.push(step);
  return inner;
}

/** The path of a fault, such as `spec.toolboxes[2].probePort`. */
export const pathOf = ({ steps }: Fault): string => steps.toReversed().join("").replace(/^\./, "");

export const isAbsent = (value: unknown): value is null | undefined => value === null || value === undefined;
