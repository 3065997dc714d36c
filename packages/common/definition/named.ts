import {
  CocoonHibernation,
  CocoonHibernationList,
  CocoonHibernationSpec,
  CocoonHibernationStatus,
  HibernationPodRef,
} from "./cocoonhibernation.js";
import {
  AgentSpec,
  AgentStatus,
  CocoonSet,
  CocoonSetList,
  CocoonSetSpec,
  CocoonSetStatus,
  ToolboxSpec,
  ToolboxStatus,
} from "./cocoonset.js";
import { Condition } from "./condition.js";
import {
  AgentMode,
  Backend,
  CocoonSetPhase,
  ConditionStatus,
  ConnType,
  HibernationDesire,
  HibernationPhase,
  OSType,
  SnapshotPolicy,
  ToolboxMode,
} from "./enums.js";
import { ListMeta, ObjectMeta, OwnerReference } from "./metadata.js";
import { Quantity } from "./quantity.js";
import {
  ConfigMapEnvSource,
  EnvFromSource,
  ResourceClaim,
  ResourceRequirements,
  SecretEnvSource,
} from "./resources.js";
import { VMOptions } from "./vm-options.js";

// Named one by one: the order of a namespace depends on who loads it, and with it the output would.
/** Every enum of the API. */
export const enums = {
  AgentMode,
  ToolboxMode,
  OSType,
  Backend,
  ConnType,
  SnapshotPolicy,
  CocoonSetPhase,
  HibernationDesire,
  HibernationPhase,
  ConditionStatus,
};

/** Every other type that has a name of its own, in the order in which a reader meets them. */
export const types = {
  CocoonSet,
  CocoonSetSpec,
  VMOptions,
  AgentSpec,
  ToolboxSpec,
  CocoonSetStatus,
  AgentStatus,
  ToolboxStatus,
  CocoonSetList,
  CocoonHibernation,
  CocoonHibernationSpec,
  HibernationPodRef,
  CocoonHibernationStatus,
  CocoonHibernationList,
  Condition,
  ResourceRequirements,
  ResourceClaim,
  EnvFromSource,
  ConfigMapEnvSource,
  SecretEnvSource,
  Quantity,
  ObjectMeta,
  OwnerReference,
  ListMeta,
};
