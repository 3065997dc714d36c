import type { TestContext } from "vitest";
import { AgentCrash } from "../../../packages/node/src/agent/index.js";
import type { Host, RunningAgent } from "./agents.js";

/** Starts an agent of a host, which is stopped when the test is over: the test's own context says which, because others run beside it. */
export async function startAgent(
  { onTestFinished }: Pick<TestContext, "onTestFinished">,
  host: Host,
  pool?: string,
): Promise<RunningAgent> {
  const agent = await host.runAgent(pool);
  onTestFinished(async () => {
    const reason = await agent.stop();
    if (reason !== undefined && !(reason instanceof AgentCrash)) {
      throw new Error("the agent ended by itself", { cause: reason });
    }
  });
  return agent;
}
