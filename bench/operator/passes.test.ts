import { describe, expect, it } from "vitest";
import { passesIn } from "./passes.js";

describe("passesIn", () => {
  it("adds up all series of a histogram, and leaves its buckets and its neighbours out", () => {
    const metrics = [
      "# TYPE cocoon_operator_reconcile_duration_seconds histogram",
      'cocoon_operator_reconcile_duration_seconds_bucket{le="0.001",kind="set"} 7',
      'cocoon_operator_reconcile_duration_seconds_sum{kind="set"} 0.5',
      'cocoon_operator_reconcile_duration_seconds_count{kind="set"} 20',
      'cocoon_operator_reconcile_duration_seconds_sum{kind="pod"} 0.25',
      'cocoon_operator_reconcile_duration_seconds_count{kind="pod"} 1',
      'cocoon_operator_reconcile_duration_seconds_counted{kind="pod"} 9',
    ].join("\n");
    expect(passesIn(metrics)).toEqual({ count: 21, seconds: 0.75 });
  });

  it("does not make a number of silence", () => {
    expect(passesIn("go_goroutines 12\n")).toEqual({ count: Number.NaN, seconds: Number.NaN });
  });
});
