import type { ErrorObject, ValidateFunction } from "ajv";

/** Gives what a schema finds wrong with a JSON text: nothing where all is well. */
export function faultsBy(validate: ValidateFunction): (text: string) => readonly string[] {
  return (text) => {
    validate(JSON.parse(text));
    return (validate.errors ?? []).map(told);
  };
}

const told = ({ instancePath, message, params }: ErrorObject): string =>
  [instancePath, message, JSON.stringify(params)].join(" ");
