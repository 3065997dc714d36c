import { it } from "vitest";
import { Place } from "./place.js";
import type { Platform } from "./platform.js";

let count = 0;

/** How long a scenario may take on a machine that does much else. */
const limitMs = 240_000;

type Play = (place: Place) => Promise<void>;

/** A test at a place of its own, beside the others of the file. At its end, no state of a VM may be lost that nobody gave up. */
export function scenario(name: string, platform: () => Platform, play: Play, timeoutMs = limitMs): void {
  it.concurrent(name, playing(name, platform, play), timeoutMs);
}

/** The same for one that has the platform to itself, because it harms what the others stand on. */
export function soleScenario(name: string, platform: () => Platform, play: Play): void {
  it(name, playing(name, platform, play), limitMs);
}

function playing(name: string, platform: () => Platform, play: Play): () => Promise<void> {
  const ns = `s${/^\d+/.exec(name)?.[0] ?? ""}-${process.pid}-${++count}`;
  return async () => {
    const place = await Place.open(platform(), ns);
    try {
      await play(place);
      await place.losesNothing();
    } catch (error) {
      // What is left of a scenario that failed is not its fault.
      await place.close().catch(() => undefined);
      throw error;
    }
    await place.close();
  };
}
