/**
 * Everything that `cocoon-webhook check` can find, in words: the one source of `rules`, `explain` and docs/rule-list.md.
 *
 * @module
 */
export type { Example, Rule } from "./rule.js";
export { type ShownExample, shownExamples } from "./shown-examples.js";
export { isRuleId, type RuleId, ruleIds, rules } from "./rules.js";
