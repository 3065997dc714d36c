import type { Violation } from "./decision.js";

/** Writes the path of a field of the object at hand. A function, because nearly always nobody asks. */
export type Place = (field: string) => string;

/** More than anybody reads. Without a limit, a document of nothing but mistakes would be answered by a far longer one. */
const most = 100;

/** Collects what is wrong with a spec; after the first hundred it notes only that there is more. */
export class Violations {
  readonly #list: Violation[] = [];

  get list(): readonly Violation[] {
    return this.#list;
  }

  /** Whether anything more would be left out. */
  get isFull(): boolean {
    return this.#list.length > most;
  }

  required(field: string, wayOut: string): void {
    this.#add({ field, kind: "FieldValueRequired", message: `must be set: ${wayOut}` });
  }

  invalid(field: string, message: string): void {
    this.#add({ field, kind: "FieldValueInvalid", message });
  }

  duplicate(field: string, message: string): void {
    this.#add({ field, kind: "FieldValueDuplicate", message });
  }

  notSupported(field: string, supported: readonly string[]): void {
    this.#add({ field, kind: "FieldValueNotSupported", message: `must be one of ${supported.join(", ")}` });
  }

  #add(violation: Violation): void {
    if (this.isFull) return;
    this.#list.push(
      this.#list.length < most
        ? violation
        : {
            field: "spec",
            kind: "FieldValueInvalid",
            message: `breaks more rules than these ${most}: mend these first`,
          },
    );
  }
}
