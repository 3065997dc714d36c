import { parseArgs } from "node:util";
import { peerOf } from "./contenders/peer.js";
import type { Contender } from "./contenders/contender.js";
import { type OperatorContender, operatorPeerOf } from "./contenders/operator.js";

/** What was asked of `npm run bench`. */
export interface BenchArguments {
  readonly short: boolean;
  /** Names of sections; empty for all that run by themselves. */
  readonly only: readonly string[];
  readonly peers: readonly Contender[];
  readonly operatorPeers: readonly OperatorContender[];
  /** Where to write every sample. */
  readonly json: string | undefined;
  /** Whether docs/performance.md and its pictures are written anew. */
  readonly writeDocs: boolean;
  readonly help: boolean;
}

/** @throws {TypeError|Error} that names the argument it cannot use */
export function readArguments(args: readonly string[], sections: readonly string[]): BenchArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      short: { type: "boolean", default: false },
      only: { type: "string", multiple: true, default: [] },
      peer: { type: "string", multiple: true, default: [] },
      "operator-peer": { type: "string", multiple: true, default: [] },
      json: { type: "string" },
      "write-docs": { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const only = values.only.flatMap((text) => text.split(","));
  const unknown = only.filter((name) => !sections.includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `--only ${unknown.join(",")}: there is no such section; there are ${sections.join(", ")}`,
    );
  }
  return {
    short: values.short,
    only,
    peers: values.peer.map(peerOf),
    operatorPeers: values["operator-peer"].map(operatorPeerOf),
    json: values.json,
    writeDocs: values["write-docs"],
    help: values.help,
  };
}
