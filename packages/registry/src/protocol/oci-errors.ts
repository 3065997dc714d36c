import { isObject, parseJson, textOf } from "./json.js";

/** What a registry says of a failure: the code of the specification, and words for people. */
export interface OciError {
  /** Such as `MANIFEST_UNKNOWN`. */
  readonly code: string;
  readonly message: string;
}

/** The errors in the body of an answer; none where it is not of the specification's form, as a proxy's page is not. */
export function ociErrors(body: Uint8Array): readonly OciError[] {
  const answer = parseJson(body);
  if (!isObject(answer) || !Array.isArray(answer["errors"])) return [];
  return (answer["errors"] as unknown[]).filter(isObject).flatMap((error) => {
    const code = textOf(error, "code");
    return code === undefined ? [] : [{ code, message: textOf(error, "message") ?? "" }];
  });
}

const absences = ["MANIFEST_UNKNOWN", "NAME_UNKNOWN", "BLOB_UNKNOWN", "BLOB_UPLOAD_UNKNOWN", "NOT_FOUND"];

/** Whether the errors say that what was asked for is not there. */
export const sayAbsence = (errors: readonly OciError[]): boolean =>
  errors.some(({ code }) => absences.includes(code));

/** The errors in one line of bounded length; empty where there are none. */
export function inOneLine(errors: readonly OciError[]): string {
  const text = errors
    .map(({ code, message }) => (message === "" ? code : `${code}: ${message}`))
    .join("; ")
    // Control characters would steer the terminal of whoever reads the log.
    // eslint-disable-next-line no-control-regex
    .replaceAll(/[\s\u0000-\u001f\u007f-\u009f]+/g, " ");
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}

const longestText = 200;
