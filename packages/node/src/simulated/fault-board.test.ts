import { vmAnnotations } from "@cocoonstack/common/meta";
import { describe, expect, it } from "vitest";
import { AgentCrash } from "../agent/index.js";
import { FaultBoard } from "./fault-board.js";
import type { Faults } from "./faults.js";

const board = (faults: Faults): FaultBoard => {
  const made = new FaultBoard();
  made.set({ "*": faults });
  return made;
};
const { signal } = new AbortController();

describe("a fault board", () => {
  it("stands in nobody's way unless it is told to", async () => {
    const free = new FaultBoard();
    await free.before("x", "push", signal);
    free.after("x", "push");
    expect([free.withheldMs("x", vmAnnotations.id), free.echoes("x"), free.writesStale("x")]).toEqual([
      0,
      true,
      false,
    ]);
  });

  it("makes steps fail, and the agent crash", async () => {
    await expect(board({ fail: ["push"] }).before("x", "push", signal)).rejects.toThrow(
      "push of x was made to fail",
    );
    await expect(board({ crashBefore: ["push"] }).before("x", "push", signal)).rejects.toThrow(AgentCrash);
    const after = board({ crashAfter: ["push"] });
    await after.before("x", "push", signal);
    expect(() => {
      after.after("x", "push");
    }).toThrow(AgentCrash);
    expect(() => {
      after.after("x", "save");
    }).not.toThrow();
  });

  it("holds a step until it is lifted for that VM, or the agent stops", async () => {
    const held = board({ hang: ["push"] });
    let isDone = false;
    const step = held.before("x", "push", signal).then(() => (isDone = true));
    held.set({ y: {}, "*": { hang: ["push"] } });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isDone).toBe(false);
    const stop = new AbortController();
    const other = held.before("y", "push", stop.signal);
    stop.abort(new Error("stopped"));
    await expect(other).rejects.toThrow("stopped");
    held.set({ x: {} });
    await step;
    expect(isDone).toBe(true);
  });

  it("takes its time", async () => {
    const startMs = performance.now();
    await board({ delayMs: { save: 30 } }).before("x", "save", signal);
    expect(performance.now() - startMs).toBeGreaterThan(25);
  });

  it("keeps annotations back: reports while it stands, ids for a while after a start", () => {
    expect(board({ loseReports: true }).withheldMs("x", vmAnnotations.lifecycleState)).toBe(Infinity);
    expect(board({ loseReports: true }).withheldMs("x", vmAnnotations.ip)).toBe(0);
    const late = board({ idLateMs: 60_000 });
    expect(late.withheldMs("x", vmAnnotations.id)).toBe(0);
    late.after("x", "start");
    expect(late.withheldMs("x", vmAnnotations.id)).toBeGreaterThan(50_000);
    expect(late.withheldMs("y", vmAnnotations.id)).toBe(0);
  });
});
