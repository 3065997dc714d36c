import { expect, it } from "vitest";
import { Places } from "./places.js";

it("no more tasks run than there are places, in the order in which they came, also after one that failed", async () => {
  const places = new Places(2);
  const begun: number[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const tasks = [0, 1, 2, 3].map((number) =>
    places.run(() => {
      begun.push(number);
      return new Promise<number>((resolve, reject) => {
        ends[number] = (error) => {
          if (error === undefined) resolve(number);
          else reject(error);
        };
      });
    }),
  );
  expect(begun).toEqual([0, 1]);
  ends[0]?.(new Error("no"));
  await expect(tasks[0]).rejects.toThrow("no");
  expect(begun).toEqual([0, 1, 2]);
  ends[1]?.();
  expect(await tasks[1]).toBe(1);
  expect(begun).toEqual([0, 1, 2, 3]);
  ends[2]?.();
  ends[3]?.();
  await Promise.all(tasks.slice(2));
  expect(await places.run(() => Promise.resolve("free again"))).toBe("free again");
});
