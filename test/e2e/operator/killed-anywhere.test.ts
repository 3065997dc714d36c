import { afterAll, beforeAll, expect, it } from "vitest";
import { readEnvironment } from "../../kill-anywhere/arguments.js";
import { killableOperator, killAnywhere } from "../../kill-anywhere/kill-anywhere.js";
import { tableOf } from "../../kill-anywhere/table.js";
import { Platform } from "../../support/platform/platform.js";
import { sharedControlPlane } from "../../support/shared-control-plane.js";

/** A short form by default; `npm run kill-anywhere` runs the whole. */
const asked = readEnvironment(process.env);
const isWhole = process.env["COCOON_KILL_MOMENTS"] !== undefined;

const plane = sharedControlPlane();
let platform: Platform;
beforeAll(async () => {
  platform = await Platform.start(plane, killableOperator);
});
afterAll(() => platform.stop());

it(
  `35: an operator that is killed at ${asked.moments} random moments of each act gets everything done, and loses nothing`,
  { timeout: (asked.minutes + 5) * 60_000 },
  async () => {
    const startMs = performance.now();
    const progress = (line: string): void => {
      if (isWhole) console.log(line);
    };
    const { tally, faults } = await killAnywhere({ ...asked, platform, progress });
    const seconds = Math.round((performance.now() - startMs) / 1_000);
    console.log(
      `killed ${tally.kills} times in ${seconds} s (seed ${asked.seed})\n${tableOf(tally, asked.only)}`,
    );
    const again = `--seed ${asked.seed} --sets ${asked.sets} --only ${asked.only.join()}`;
    expect(faults, `npm run kill-anywhere -- ${again} draws the same moments`).toEqual([]);
  },
);
