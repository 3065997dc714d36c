import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { ForegroundCommand } from "./foreground-command.js";

const place = { cwd: tmpdir() };

/** Whether a process group has members. */
function runs(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

describe("ForegroundCommand", () => {
  it("gives what was printed, and ends every process of the command", async () => {
    const command = await ForegroundCommand.until(
      /ready/,
      "echo $$; (echo ready >&2; sleep 60); true",
      place,
      20_000,
    );
    const group = Number(/^\d+$/m.exec(command.output)?.[0]);
    expect(runs(group)).toBe(true);
    await command.end();
    expect(runs(group)).toBe(false);
    await command.end();
  });

  it("leaves nothing behind where the sign does not come", async () => {
    const started = ForegroundCommand.until(/ready/, "echo group $$; sleep 60", place, 500);
    const message = await started.then(
      () => "",
      (error: unknown) => String(error),
    );
    expect(message).toMatch(/did not print \/ready\/ within 500 ms: group \d+/);
    expect(runs(Number(/group (\d+)/.exec(message)?.[1]))).toBe(false);
  });

  it("says so where the command ends before", async () => {
    await expect(ForegroundCommand.until(/ready/, "echo no", place, 20_000)).rejects.toThrow(
      "'echo no' ended: no",
    );
  });
});
