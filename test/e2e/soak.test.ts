import { expect, it } from "vitest";
import { onStage } from "../soak/core/stage.js";
import { underLoad } from "../soak/core/under-load.js";

/** The short form of `npm run soak`. */
const order = { questions: 1_000, restarts: 2 };

it(
  "rolling restarts under load lose no admission, and metrics count each once",
  { timeout: 180_000 },
  async () => {
    const result = await onStage("hurried", (stage) => underLoad(stage, order));

    expect(result.failures).toEqual([]);
    expect(result.counted.toJSON()).toEqual(result.expected.toJSON());
    expect(result.expected.total).toBeGreaterThan(order.questions);
    // Nothing was cut off by force either.
    expect(result.exits.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      result.exits.map(() => ({ code: 0, stderr: "" })),
    );
  },
);
