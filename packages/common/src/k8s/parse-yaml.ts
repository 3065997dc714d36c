// A module of its own, so that it is loaded only where there is YAML: in a pod there is none.
import { parse } from "yaml";

/**
 * The value of a YAML document.
 *
 * @throws {Error} of the package, which quotes the lines around the fault.
 */
export const parseYaml = (text: string): unknown =>
  // What is merely odd would be printed, with the lines around it, and these may hold a token.
  parse(text, { logLevel: "error" }) as unknown;
