import type { EffectKind } from "../vm/index.js";

/** What stands between the agent and its steps, so that tests and people can make them go wrong. */
export interface Interference {
  /** Called before each step: may take its time, and may reject, by which the step fails. An {@link AgentCrash} ends the agent. */
  before(vmName: string, step: EffectKind, signal: AbortSignal): Promise<void>;
  /** Called after each step that succeeded; may throw an {@link AgentCrash}. */
  after(vmName: string, step: EffectKind): void;
  /** For how long an annotation does not reach the API server. */
  withheldMs(vmName: string, key: string): number;
  /** Whether lifecycle states carry the generation that they answer. */
  echoes(vmName: string): boolean;
  /** Whether status is written with an old copy of the whole pod. */
  writesStale(vmName: string): boolean;
}

/** Nothing stands between. */
export const noInterference: Interference = {
  before: () => Promise.resolve(),
  after: () => undefined,
  withheldMs: () => 0,
  echoes: () => true,
  writesStale: () => false,
};

/** The agent is to end where it stands, as if it had been killed. */
export class AgentCrash extends Error {
  override readonly name = "AgentCrash";

  /** @param where Between which steps. */
  constructor(where: string) {
    super(`the agent was made to crash ${where}`);
  }
}
