// `npm run kill-anywhere`: the whole of what test/e2e/operator/killed-anywhere.test.ts does briefly.
import { startVitest } from "vitest/node";
import { environmentOf, type KillArguments, readArguments } from "../test/kill-anywhere/arguments.js";

const usage = `usage: npm run kill-anywhere [-- OPTIONS]

Runs the operator on a real API server and a real registry on this machine, has sets suspended, woken, scaled and deleted, and kills
it (SIGKILL) at random moments meanwhile. Each time everything has to come to its end: no VM too many, none that comes up twice, no tag
and no state that is lost. Prints what it does, and a table at the end; exit code 1 where something was wrong. Uses 127.0.0.1 alone.

  --moments N   how many kills have to fall into each kind of act (default 50): a kill counts where a set that was asked for the
                act still lacked something when the operator was dead; one kill may count for several kinds
  --only ACTS   only these, by commas: suspend, wake, scale, delete
  --sets N      how many sets each kind of act is played on at the same time (default 2)
  --minutes N   begins nothing more after so long, and fails then (default 40)
  --seed N      draws the moments and policies of the run that printed it; what the machine does between them is its own`;

function asked(): KillArguments {
  try {
    return readArguments(process.argv.slice(2));
  } catch (error) {
    console.error(`kill-anywhere: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(2);
  }
}

const given = asked();
if (given.help) {
  console.log(usage);
} else {
  Object.assign(process.env, environmentOf(given));
  console.log(`seed ${given.seed}`);
  const vitest = await startVitest("test", ["killed-anywhere"], {
    project: ["e2e"],
    watch: false,
    disableConsoleIntercept: true,
  });
  await vitest.close();
}
