import type { ScalarTag, Tags } from "yaml";
import { numberIn } from "./yaml-numbers.js";

/** Names of types that a document can write before a value, such as `!!int`, without their prefix. */
export const coreTag = (name: string): string => `tag:yaml.org,2002:${name}`;

/** kubectl takes words of YAML 1.1 for booleans, too: a name that is one is refused. */
const booleans = (
  [
    [true, /^(?:y|Y|yes|Yes|YES|on|On|ON)$/],
    [false, /^(?:n|N|no|No|NO|off|Off|OFF)$/],
  ] as const
).map(([value, test]): ScalarTag => ({
  tag: coreTag("bool"),
  default: true,
  test,
  resolve: () => value,
}));

/** Once for each name: a plain word is looked up by its text, a value with a name before it by the name. */
const numbers = ["int", "float"].map((name): ScalarTag => ({
  tag: coreTag(name),
  default: true,
  test: /^[-+.\d]/,
  resolve: (word) => numberIn(word) ?? word,
}));

/** The types of YAML 1.2 with the words and numbers that kubectl reads. What has no end, such as `.inf`, is the same in both. */
export function withScalarsOfKubectl(core: Tags): Tags {
  const kept = core.filter((tag) => !isNumber(tag) || readsInfinity(tag));
  return [...kept, ...booleans, ...numbers];
}

const isNumber = (tag: Tags[number]): tag is ScalarTag =>
  typeof tag !== "string" && [coreTag("int"), coreTag("float")].includes(tag.tag);

const readsInfinity = ({ test }: ScalarTag): boolean => test?.test(".inf") === true;
