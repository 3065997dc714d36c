// What a document may be at most. Manifests that people write stay far below; a text beyond is broken, or made to exhaust
// who reads it.

/** How deeply objects and lists may stand within each other, aliases followed. API servers go down to 10,000. */
export const maxDepth = 250;

/** What is wrong with a document beyond {@link maxDepth}, to stand after its name. */
export const tooDeep = `is nested more than ${maxDepth} deep: no manifest is, so look for a bracket that is not closed`;

/** How many values the aliases of a document may stand for, all together. */
export const maxAliasedValues = 1_000_000;

/** What is wrong with a document beyond {@link maxAliasedValues}, to stand after its name. */
export const tooManyAliased = `has aliases that stand for more than ${maxAliasedValues} values in all: write them out in documents of their own`;

/** How many places without any sense a text may have before it is given up; people are told of the first. */
export const maxFaults = 100;
