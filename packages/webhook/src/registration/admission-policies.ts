import { hibernationPolicy } from "./hibernation-policy.js";
import { matchRules, namespaceSelector } from "./match-rules.js";
import { podPolicy } from "./pod-policy.js";
import type { PolicyDefinition } from "./policy-definition.js";
import { scalePolicies } from "./scale-policies.js";
import { workloadPolicies } from "./workload-policies.js";

/** What the policies depend on. */
export interface AdmissionPolicyOptions {
  /** The only users who may create cocoon pods, as in the webhook's `POD_CREATORS`; undefined for everybody. */
  readonly podCreators?: readonly string[] | undefined;
}

/** A `ValidatingAdmissionPolicy` or `ValidatingAdmissionPolicyBinding`, as far as we write one. */
export interface AdmissionPolicyObject {
  readonly apiVersion: "admissionregistration.k8s.io/v1";
  readonly kind: "ValidatingAdmissionPolicy" | "ValidatingAdmissionPolicyBinding";
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: object;
}

/**
 * The guard that needs no webhook: policies which the API server itself evaluates, each with its binding. They hold the
 * webhook's rules as far as CEL can say them, over the same requests and in the same words.
 */
export function admissionPolicies({ podCreators }: AdmissionPolicyOptions = {}): AdmissionPolicyObject[] {
  const definitions = [podPolicy(podCreators), ...workloadPolicies, hibernationPolicy, ...scalePolicies];
  return definitions.flatMap((definition) => [policyOf(definition), bindingOf(definition)]);
}

/** Those for `/scale` cost more the more workloads there are, so they can be told apart. */
const metadataOf = ({ name, paramKind }: PolicyDefinition): AdmissionPolicyObject["metadata"] => ({
  name,
  labels: {
    "app.kubernetes.io/part-of": "cocoon-webhook",
    "cocoonstack.io/guards": paramKind === undefined ? "main-resources" : "scale",
  },
});

function policyOf(definition: PolicyDefinition): AdmissionPolicyObject {
  const { matches, paramKind, variables, validations } = definition;
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: metadataOf(definition),
    spec: {
      failurePolicy: "Fail",
      ...(paramKind === undefined ? {} : { paramKind }),
      matchConstraints: {
        matchPolicy: "Equivalent",
        ...namespaceSelector(matches),
        resourceRules: matchRules(matches.rules),
      },
      ...(matches.conditions.length === 0 ? {} : { matchConditions: matches.conditions }),
      ...(variables.length === 0 ? {} : { variables }),
      validations,
    },
  };
}

const bindingOf = (definition: PolicyDefinition): AdmissionPolicyObject => ({
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingAdmissionPolicyBinding",
  metadata: metadataOf(definition),
  spec: {
    policyName: definition.name,
    validationActions: ["Deny"],
    // No workload, nothing to lose: a namespace without one must stay usable.
    ...(definition.paramKind === undefined
      ? {}
      : { paramRef: { selector: {}, parameterNotFoundAction: "Allow" } }),
  },
});
