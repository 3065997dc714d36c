import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Teardown } from "./teardown.js";

/** Things that say when they end. */
class Ledger {
  readonly ended: string[] = [];

  thing(name: string): AsyncDisposable {
    return {
      [Symbol.asyncDispose]: () => {
        this.ended.push(name);
        return Promise.resolve();
      },
    };
  }

  async startsLate(name: string): Promise<AsyncDisposable> {
    await turn();
    return this.thing(name);
  }
}

const fails = (message: string): Promise<never> => Promise.reject(new Error(message));

describe("Teardown", () => {
  it("ends what was started, the last first", async () => {
    const ledger = new Ledger();
    const teardown = new Teardown();
    teardown.use(ledger.thing("first"));
    await teardown.adopt(Promise.resolve({ name: "second" }), ({ name }) => ledger.ended.push(name));
    teardown.defer(() => ledger.ended.push("third"));
    await teardown[Symbol.asyncDispose]();
    expect(ledger.ended).toEqual(["third", "second", "first"]);
    await teardown[Symbol.asyncDispose]();
    expect(ledger.ended).toHaveLength(3);
  });

  it("ends also what is being started still when something else fails", async () => {
    const ledger = new Ledger();
    const start = async (): Promise<void> => {
      await using teardown = new Teardown();
      const late = teardown.use(ledger.startsLate("late"));
      await Promise.all([late, teardown.use(fails("no port"))]);
    };
    await expect(start()).rejects.toThrow("no port");
    expect(ledger.ended).toEqual(["late"]);
  });

  it("ends the rest where one end fails, and says which", async () => {
    const ledger = new Ledger();
    const teardown = new Teardown();
    teardown.use(ledger.thing("first"));
    teardown.defer(() => fails("does not end"));
    await expect(teardown[Symbol.asyncDispose]()).rejects.toThrow("does not end");
    expect(ledger.ended).toEqual(["first"]);
  });

  it("ends nothing that it has handed over", async () => {
    const ledger = new Ledger();
    const teardown = new Teardown();
    teardown.use(ledger.thing("kept"));
    const owner = teardown.move();
    await teardown[Symbol.asyncDispose]();
    expect(ledger.ended).toEqual([]);
    await owner[Symbol.asyncDispose]();
    expect(ledger.ended).toEqual(["kept"]);
  });
});
