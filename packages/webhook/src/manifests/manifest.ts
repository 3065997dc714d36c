/** A place in a text; line and column count from 1, columns in UTF-16 units. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One object of a file, as an API server would get it. */
export interface Manifest {
  readonly value: unknown;
  /** Where a field such as `spec.toolboxes[2].name` stands; where it is missing, what it is missing from. */
  readonly placeOf: (field: string) => Place;
  /** Where it begins. Unlike `placeOf`, this does not keep its text in memory, unless it stands in a list. */
  readonly start: () => Place;
}

/** Why something could not be read; without a line where it is about the whole file. */
export interface Fault {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

/** Whether something could not be read. */
export const isFault = (read: Manifest | Fault): read is Fault => "message" in read;
