import { changeRules } from "./change-rules.js";
import { cocoonSetRules } from "./cocoonset-rules.js";
import { hibernationRules } from "./hibernation-rules.js";
import { manifestRules } from "./manifest-rules.js";
import { podRules } from "./pod-rules.js";
import type { Rule } from "./rule.js";

const table = {
  ...podRules,
  ...changeRules,
  ...cocoonSetRules,
  ...hibernationRules,
  ...manifestRules,
} as const satisfies Readonly<Record<string, Rule>>;

/** The name of a rule: that of the webhook's reason where the webhook is who refuses. */
export type RuleId = keyof typeof table;

/** Every rule by its name. */
export const rules: Readonly<Record<RuleId, Rule>> = table;

/** The name of every rule, in the order in which people read them. */
export const ruleIds = Object.keys(rules) as readonly RuleId[];

/** Whether there is a rule of this name. */
export const isRuleId = (name: string): name is RuleId => Object.hasOwn(rules, name);
