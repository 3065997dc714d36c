import { describe, expect, it } from "vitest";
import { type Newest, newestOf, type TagDigests } from "./newest.js";
import type { KnownTags } from "./records.js";

const a = { in: "hibernate", digest: "sha256:a" } as const;
const latest = { in: "latest" } as const;
const nothing = { in: "nothing" } as const;
const either = { in: "either" } as const;

/** The snapshot that was recorded is `a`; what `latest` was before is `x`. */
const recorded: Readonly<Record<string, KnownTags>> = {
  "a, and x before": { digest: "sha256:a", latest: "x" },
  "a, and nothing before": { digest: "sha256:a", latest: "" },
  "a alone": { digest: "sha256:a" },
  "x before": { latest: "x" },
  nothing: {},
};

describe("newestOf", () => {
  it.each<[string, hibernate: string, latest: string, Newest]>([
    ["a, and x before", "a", "-", a],
    ["a, and x before", "a", "x", a],
    ["a, and x before", "a", "a", a],
    ["a, and x before", "a", "n", latest],
    ["a, and x before", "-", "n", latest],
    ["a, and x before", "-", "a", latest],
    ["a, and x before", "-", "x", nothing],
    ["a, and x before", "-", "-", nothing],
    // It was saved once more, and `a` has been kept as `latest` before.
    ["a, and x before", "b", "a", { in: "hibernate", digest: "sha256:b" }],
    ["a, and nothing before", "a", "n", latest],
    ["a, and nothing before", "a", "-", a],
    ["a alone", "a", "n", either],
    ["a alone", "a", "-", a],
    ["a alone", "-", "n", latest],
    ["a alone", "-", "-", nothing],
    ["x before", "a", "x", a],
    ["x before", "a", "n", latest],
    ["x before", "-", "n", latest],
    ["x before", "-", "-", latest],
    ["nothing", "a", "n", either],
    ["nothing", "a", "a", a],
    ["nothing", "-", "n", latest],
    ["nothing", "-", "-", latest],
  ])("of what is recorded as %s, with hibernate %s and latest %s", (known, hibernate, current, expected) => {
    const digest = (name: string): string | undefined => (name === "-" ? undefined : `sha256:${name}`);
    const tags: TagDigests = { hibernate: digest(hibernate), latest: digest(current) };
    expect(newestOf(recorded[known] ?? {}, tags)).toEqual(expected);
  });
});
