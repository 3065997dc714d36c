// The rules between fields, in CEL, so that the API server itself holds them while no webhook runs. Each message
// states the rule and the way out, because it is all that kubectl shows.
//
// Every field is read behind has(): defaults are filled in before the rules run, but an object that was stored by an
// older CRD may lack them, and a rule that fails to evaluate would refuse every write to it.

/** One entry of `x-kubernetes-validations`. */
export interface Rule {
  readonly rule: string;
  readonly message: string;
  readonly messageExpression?: string;
  readonly fieldPath?: string;
  readonly reason?: "FieldValueInvalid" | "FieldValueRequired";
}

const is = (field: string, value: string): string => `(has(self.${field}) && self.${field} == '${value}')`;
const isSet = (field: string): string => `has(self.${field}) && self.${field} != ''`;

const firecracker = is("backend", "firecracker");
const isStatic = is("mode", "static");

const firecrackerRules: readonly Rule[] = [
  {
    rule: `!${firecracker} || !${is("os", "windows")}`,
    message: "firecracker cannot boot windows: set backend to cloud-hypervisor, or choose another os",
    fieldPath: ".os",
  },
  {
    rule: `!${firecracker} || !has(self.image) || !(self.image.startsWith('http://') || self.image.startsWith('https://'))`,
    message:
      "firecracker boots OCI images only, not http:// or https:// URLs: name an OCI image, or set backend to cloud-hypervisor",
    fieldPath: ".image",
  },
];

const clone =
  "restores a snapshot, and under firecracker the guest would keep the network identity of the VM it was taken " +
  "from: set mode to run, or backend to cloud-hypervisor";

/** Rules on an agent. */
export const agentRules: readonly Rule[] = [
  ...firecrackerRules,
  {
    // Clone is the default, so a missing mode counts as clone.
    rule: `!${firecracker} || (has(self.mode) && self.mode != 'clone')`,
    message: `mode clone (an agent's default) ${clone}`,
    fieldPath: ".mode",
  },
];

const skipStatic = (rule: Rule): Rule => ({ ...rule, rule: `${isStatic} || ${rule.rule}` });

/** Rules on one toolbox. A static one adopts a VM that others built, so nothing about its making is looked at. */
export const toolboxRules: readonly Rule[] = [
  {
    rule: `!${isStatic} || (${isSet("staticIP")})`,
    message: "mode static adopts a VM that others run: set staticIP to its address",
    fieldPath: ".staticIP",
    reason: "FieldValueRequired",
  },
  {
    rule: `!${isStatic} || (${isSet("staticVMID")})`,
    message: "mode static adopts a VM that others run: set staticVMID to its ID",
    fieldPath: ".staticVMID",
    reason: "FieldValueRequired",
  },
  skipStatic({
    rule: isSet("image"),
    message:
      "a toolbox that is not static needs an image: set image, or set mode to static with staticIP and staticVMID",
    fieldPath: ".image",
    reason: "FieldValueRequired",
  }),
  ...firecrackerRules.map(skipStatic),
  skipStatic({
    rule: `!${firecracker} || !${is("mode", "clone")}`,
    message: `mode clone ${clone}`,
    fieldPath: ".mode",
  }),
];

/** Rules on a toolbox's name. */
export const toolboxNameRules: readonly Rule[] = [
  {
    rule: "!self.matches('^[0-9]+$')",
    message: "a name of digits only would read as the slot of an agent: put a letter in it, such as db-1",
  },
];

const backendOf = (owner: string): string =>
  `(has(${owner}.backend) ? ${owner}.backend : 'cloud-hypervisor')`;
const isStray = `!(has(t.mode) && t.mode == 'static') && ${backendOf("t")} != ${backendOf("self.agent")}`;

/** Rules between the parts of a CocoonSet. */
export const cocoonSetRules: readonly Rule[] = [
  {
    rule: `!has(self.toolboxes) || !has(self.agent) || !self.toolboxes.exists(t, ${isStray})`,
    message: "every toolbox that is not static needs the backend of the agent: set the same backend on both",
    // The toolboxes are not named: strings out of filter() lose their bound, and with it the cost limit is missed.
    messageExpression:
      `'every toolbox that is not static needs the backend of the agent, ' + ${backendOf("self.agent")} + ` +
      `': set the same backend on both'`,
    fieldPath: ".toolboxes",
  },
];

/** A hibernation that is pointed at another pod would leave the first one's snapshot without an owner. */
export const podRefRules: readonly Rule[] = [
  {
    rule: "self == oldSelf",
    message: "podRef never changes: delete this CocoonHibernation and create one for the other pod",
  },
];
