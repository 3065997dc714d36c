const nothing = (): void => undefined;

/** Stands in for the process: signals come soon after somebody asks for them, and nothing is printed. */
const quietProcess: unknown = Object.create(process, {
  once: { value: (_signal: string, listener: () => void) => setTimeout(listener, 100) },
  stderr: { value: { write: nothing } },
});

/** Globals through which an example would reach the process that runs it. */
export const quietGlobals: Readonly<Record<string, unknown>> = {
  process: quietProcess,
  console: { ...console, log: nothing, error: nothing },
};
