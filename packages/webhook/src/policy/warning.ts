/** API servers may cut a warning there; what has to be read should not be what goes. */
const maxLength = 256;

/** However long the rest is, this much is left of the name: enough to know the object again. */
const minNameLength = 20;

/** What is said about one object: it begins with a colon or a space. */
export type About = (text: string) => string;

/**
 * Makes the warnings about an object, each short enough to arrive whole: where names are long, the object's own is
 * shortened, which its caller knows anyway.
 *
 * @param object its `namespace/name`
 */
export const warningsAbout =
  (kind: string, object: string): About =>
  (text) => {
    const room = maxLength - `${kind} ${text}`.length;
    return `${kind} ${shortened(object, Math.max(room, minNameLength))}${text}`;
  };

/** The beginning and the end of a name, where names differ, if it is longer than `max`. */
export function shortened(name: string, max: number): string {
  if (name.length <= max) return name;
  const kept = max - 3;
  const end = Math.floor(kept / 3);
  return `${name.slice(0, kept - end)}...${name.slice(-end)}`;
}
