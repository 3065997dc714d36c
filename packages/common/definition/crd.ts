import type { TSchema } from "typebox";
import { CocoonHibernation } from "./cocoonhibernation.js";
import { CocoonSet } from "./cocoonset.js";

/** A column of `kubectl get`. */
interface Column {
  readonly name: string;
  readonly type: "string" | "integer" | "date";
  readonly description: string;
  readonly jsonPath: string;
}

/** What a CRD says besides its schema. */
export interface CustomResource {
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly columns: readonly Column[];
  readonly schema: TSchema;
}

export const group = "cocoonset.cocoonstack.io";
export const version = "v1";

const age: Column = {
  name: "Age",
  type: "date",
  description: "Time since the object was created.",
  jsonPath: ".metadata.creationTimestamp",
};

/** The custom resources of the group. */
export const customResources: readonly CustomResource[] = [
  {
    kind: "CocoonSet",
    plural: "cocoonsets",
    singular: "cocoonset",
    shortNames: ["cs"],
    categories: ["cocoon"],
    columns: [
      { name: "Phase", type: "string", description: "Where the set stands.", jsonPath: ".status.phase" },
      {
        name: "Ready",
        type: "integer",
        description: "Agents that are ready.",
        jsonPath: ".status.readyAgents",
      },
      {
        name: "Desired",
        type: "integer",
        description: "Agents that should run.",
        jsonPath: ".status.desiredAgents",
      },
      age,
    ],
    schema: CocoonSet,
  },
  {
    kind: "CocoonHibernation",
    plural: "cocoonhibernations",
    singular: "cocoonhibernation",
    shortNames: ["ch"],
    categories: ["cocoon"],
    columns: [
      { name: "Pod", type: "string", description: "The pod in question.", jsonPath: ".spec.podRef.name" },
      { name: "Desire", type: "string", description: "What is asked of its VM.", jsonPath: ".spec.desire" },
      { name: "Phase", type: "string", description: "How far it has come.", jsonPath: ".status.phase" },
      age,
    ],
    schema: CocoonHibernation,
  },
];
