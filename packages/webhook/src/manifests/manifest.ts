/** A place in a text; line and column count from 1, columns in UTF-16 units. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One object of a file, as an API server would get it. */
export interface Manifest {
  readonly file: string;
  readonly value: unknown;
  /** Where a field such as `spec.toolboxes[2].name` stands; where it is missing, what it is missing from. */
  readonly placeOf: (field: string) => Place;
}

/** Why something could not be read; without a line where it is about the whole file. */
export interface Fault {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}
