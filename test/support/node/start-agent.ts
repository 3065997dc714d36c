import { onTestFinished } from "vitest";
import { AgentCrash } from "../../../packages/node/src/agent/index.js";
import type { Host, RunningAgent } from "./agents.js";

/** Starts an agent of a host, which is stopped when the test is over. */
export async function startAgent(host: Host, pool?: string): Promise<RunningAgent> {
  const agent = await host.runAgent(pool);
  onTestFinished(async () => {
    const reason = await agent.stop();
    if (reason !== undefined && !(reason instanceof AgentCrash)) {
      throw new Error("the agent ended by itself", { cause: reason });
    }
  });
  return agent;
}
