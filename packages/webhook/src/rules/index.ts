/**
 * Everything that `cocoon-webhook check` can find, in words: the one source of `rules`, `explain` and docs/rule-list.md.
 *
 * @module
 */
export { nearestRule } from "./nearest-rule.js";
export type { Example, Rule } from "./rule.js";
export { isRuleId, type RuleId, rules } from "./rules.js";
