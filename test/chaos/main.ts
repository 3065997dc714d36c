// `npm run chaos`: every hostile client and every fault, with what came of it.
import { inTurns } from "../support/in-turns.js";
import { readArguments } from "./arguments.js";
import { watchFault, watchHostile } from "./core/watch.js";
import { hostileTable, faultTable, type FaultRow, type HostileRow } from "./core/tables.js";
import { writeDocs } from "./core/write-docs.js";
import { faults } from "./faults/index.js";
import { hostiles } from "./hostile/index.js";

const usage = `usage: npm run chaos [-- OPTIONS]

Starts webhooks on this machine, lets clients attack them and things around them fail, and prints what came of each. Takes
less than ten minutes, and leaves 127.0.0.1 alone otherwise.

  --only TEXT    only what has this in its name
  --short        the form of npm test: fewer connections, and shorter looks at the well-behaved client
  --write-docs   writes the tables into docs/reliability.md`;

/** Two cores have time for that. */
const faultsAtOnce = 3;

const progress = (text: string): void => {
  console.error(`${new Date().toISOString().slice(11, 19)} ${text}`);
};

async function main(): Promise<number> {
  const asked = readArguments(process.argv.slice(2));
  if (asked.help) {
    console.log(usage);
    return 0;
  }
  const isChosen = ({ name }: { readonly name: string }): boolean => name.includes(asked.only);
  const hostileRows: HostileRow[] = [];
  for (const hostile of hostiles.filter(isChosen)) {
    progress(hostile.name);
    hostileRows.push(await watchHostile(hostile, asked.short));
  }
  const found = new Map<string, FaultRow>();
  // They wait most of the time, each for a webhook of its own.
  await inTurns(faultsAtOnce, faults.filter(isChosen), async (fault) => {
    progress(fault.name);
    found.set(fault.name, await watchFault(fault));
  });
  const faultRows = faults.flatMap(({ name }) => found.get(name) ?? []);
  const tables = [hostileTable(hostileRows), faultTable(faultRows)];
  console.log(tables.join("\n\n"));
  if (asked.writeDocs) progress(`wrote ${await writeDocs(tables)}`);
  const broken = [...hostileRows, ...faultRows].filter(({ isRight }) => !isRight);
  for (const { name, got } of broken) console.error(`NOT AS STATED: ${name}: ${got}`);
  return broken.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`chaos: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
