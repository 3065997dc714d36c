import { Argument, Command } from "commander";
import { ruleIds } from "../rules/index.js";

/** `cocoon-webhook rules`. */
export function rulesCommand(): Command {
  return new Command("rules")
    .summary("list the rules that check knows")
    .description("Lists the rules that check knows, each with its severity and what it finds.")
    .addHelpText("after", "\nExample:\n  cocoon-webhook rules | grep warning")
    .action(async () => {
      const { printRules } = await import("./rules.js");
      printRules();
    });
}

/** `cocoon-webhook explain`. */
export function explainCommand(): Command {
  const rule = new Argument("<rule>", "name of the rule, as a finding has it in brackets");
  // For help and completion: explain itself says which rule was probably meant.
  rule.argChoices = [...ruleIds];
  return new Command("explain")
    .summary("explain a rule")
    .description(
      "Says what a rule is about, why, and what to do, with an example that breaks it and one that keeps it.",
    )
    .addArgument(rule)
    .addHelpText("after", "\nExample:\n  cocoon-webhook explain stray-pod")
    .action(async (name: string) => {
      const { explain } = await import("./rules.js");
      explain(name);
    });
}
