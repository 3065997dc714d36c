import { expect, it } from "vitest";
import { readEnvironment } from "../../kill-anywhere/arguments.js";
import { killableOperator, killAnywhere } from "../../kill-anywhere/kill-anywhere.js";
import { tableOf } from "../../kill-anywhere/table.js";
import { sharedPlatform } from "../../support/platform/shared-platform.js";

/** A short form by default; `npm run kill-anywhere` runs the whole. */
const asked = readEnvironment(process.env);
const isWhole = process.env["COCOON_KILL_MOMENTS"] !== undefined;

const platform = sharedPlatform(() => killableOperator);

it(
  `35: an operator that is killed at ${asked.moments} random moments of each act gets everything done, and loses nothing`,
  { timeout: (asked.minutes + 5) * 60_000 },
  async () => {
    const startMs = performance.now();
    const progress = (line: string): void => {
      if (isWhole) console.log(line);
    };
    const { counts, faults } = await killAnywhere({ ...asked, platform: platform(), progress });
    const seconds = Math.round((performance.now() - startMs) / 1_000);
    console.log(
      `killed ${counts.kills} times in ${seconds} s (seed ${asked.seed})\n${tableOf(counts, asked.only)}`,
    );
    const again = `--seed ${asked.seed} --sets ${asked.sets} --only ${asked.only.join()}`;
    expect(faults, `npm run kill-anywhere -- ${again} draws the same moments`).toEqual([]);
  },
);
