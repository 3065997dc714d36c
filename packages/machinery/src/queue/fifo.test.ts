import fc from "fast-check";
import { expect, it } from "vitest";
import { Fifo } from "./fifo.js";

it("does what push and shift of an array do", () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer(), { nil: undefined })), (steps) => {
      const fifo = new Fifo<number>();
      const array: number[] = [];
      for (const step of steps) {
        if (step === undefined) expect(fifo.shift()).toBe(array.shift());
        else {
          fifo.push(step);
          array.push(step);
        }
        expect(fifo.length).toBe(array.length);
      }
    }),
  );
});
