import { describe, expect, it } from "vitest";
import { Places } from "./places.js";

const { signal } = new AbortController();

describe("places", () => {
  it("are given in the order in which people came, each once", async () => {
    const places = new Places(1);
    const order: string[] = [];
    const giveBack = await places.take(signal);
    const second = places.take(signal).then((give) => {
      order.push("second");
      give();
      give();
    });
    const third = places.take(signal).then(() => order.push("third"));
    const fourth = places.take(signal).then(() => order.push("fourth"));
    expect(order).toEqual([]);
    giveBack();
    await Promise.all([second, third]);
    expect(order).toEqual(["second", "third"]);
    // The second gave its place back twice, and it counts once: nothing is left for the fourth.
    await expect(Promise.race([fourth, Promise.resolve("waits")])).resolves.toBe("waits");
  });

  it("are not kept for those who gave up", async () => {
    const places = new Places(1);
    const giveBack = await places.take(signal);
    const controller = new AbortController();
    const given = places.take(controller.signal);
    const next = places.take(signal);
    controller.abort(new Error("enough"));
    await expect(given).rejects.toThrow("enough");
    giveBack();
    await expect(next).resolves.toBeTypeOf("function");
    await expect(places.take(AbortSignal.abort(new Error("too late")))).rejects.toThrow("too late");
  });
});
