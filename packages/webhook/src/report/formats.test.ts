import { describe, expect, it } from "vitest";
import { render } from "./formats.js";
import type { Report } from "./report.js";

const finding = {
  file: "a, b/c.yaml",
  line: 9,
  column: 5,
  severity: "error",
  rule: "stray-pod",
  object: { group: "", kind: "Pod", namespace: "prod", name: "web" },
  field: "spec.tolerations[0]",
  message: 'is "100%" <stray>\u001B[31m\nreally',
  wayOut: "remove it",
} as const;
const report: Report = {
  findings: [finding, { ...finding, severity: "warning", rule: "not-an-object", field: "" }],
  faults: [
    { file: "x.yaml", line: 2, column: 3, message: "is not YAML: why" },
    { file: "y", message: "is gone" },
  ],
  objects: 12,
  files: 1,
};
const clean: Report = { findings: [], faults: [], objects: 1, files: 3 };

const plain = (format: "text" | "json" | "github" | "sarif" | "junit", of: Report = report): string =>
  render(format, of, { colour: false });

describe("as text", () => {
  it("a finding is a paragraph, whose values cannot steer the terminal; then comes the summary", () => {
    expect(plain("text").split("\n")).toEqual([
      "a, b/c.yaml:9:5: error: Pod prod/web: spec.tolerations[0] [stray-pod]",
      '  is "100%" <stray>\uFFFD[31m\uFFFDreally',
      "",
      "a, b/c.yaml:9:5: warning: Pod prod/web [not-an-object]",
      '  is "100%" <stray>\uFFFD[31m\uFFFDreally',
      "  way out: remove it",
      "",
      "12 objects in 1 file: 1 error, 1 warning, 2 not checked",
      "",
    ]);
  });

  it("the way out is said once, by the message or below it", () => {
    const shown = (over: object): boolean =>
      plain("text", { ...report, findings: [{ ...finding, ...over }] }).includes("way out: remove it");
    expect(shown({})).toBe(false);
    expect(shown({ rule: "workload-warning" })).toBe(true);
    expect(shown({ rule: "workload-warning", message: "is bad: remove it" })).toBe(false);
  });

  it("the way out of a finding is its own in every format", () => {
    const own = { ...finding, severity: "warning", rule: "workload-warning", wayOut: "wait for it" } as const;
    for (const format of ["text", "json", "github", "sarif", "junit"] as const) {
      expect(plain(format, { ...report, findings: [own] }), format).toContain("wait for it");
    }
  });

  it("a clean report is its summary", () => {
    expect(plain("text", clean)).toBe("1 object in 3 files: 0 errors, 0 warnings\n");
  });

  it("has colours where they are wanted", () => {
    expect(render("text", report, { colour: true })).toContain("\u001B[31merror\u001B[0m: Pod");
    expect(render("text", clean, { colour: true })).toBe(plain("text", clean));
  });
});

it("as JSON, a report says what it holds", () => {
  expect(JSON.parse(plain("json"))).toEqual({
    schemaVersion: 1,
    summary: { objects: 12, files: 1, findings: 1, warnings: 1, faults: 2 },
    findings: report.findings,
    faults: report.faults,
  });
});

it("for GitHub, findings and faults are commands, each in a line", () => {
  const message = 'is "100%25" <stray>\u001B[31m%0Areally';
  expect(plain("github").split("\n")).toEqual([
    `::error file=a%2C b/c.yaml,line=9,col=5,title=Pod prod/web [stray-pod]::spec.tolerations[0]: ${message}`,
    `::warning file=a%2C b/c.yaml,line=9,col=5,title=Pod prod/web [not-an-object]::${message}%0AWay out: remove it`,
    "::error file=x.yaml,line=2,col=3,title=not checked::is not YAML: why",
    "::error file=y,title=not checked::is gone",
    "12 objects in 1 file: 1 error, 1 warning, 2 not checked",
    "",
  ]);
});

it("as SARIF, results point at their rules and places", () => {
  const { version, runs } = JSON.parse(plain("sarif")) as { version: string; runs: readonly object[] };
  const place = {
    physicalLocation: {
      artifactLocation: { uri: "a%2C%20b/c.yaml" },
      region: { startLine: 9, startColumn: 5 },
    },
  };
  expect(version).toBe("2.1.0");
  expect(runs).toMatchObject([
    {
      tool: { driver: { name: "cocoon-webhook", rules: [{ id: "stray-pod" }, { id: "not-an-object" }] } },
      invocations: [{ executionSuccessful: false, toolExecutionNotifications: [{}, {}] }],
      results: [
        { ruleId: "stray-pod", ruleIndex: 0, level: "error", locations: [place] },
        { ruleId: "not-an-object", ruleIndex: 1, level: "warning", locations: [place] },
      ],
    },
  ]);
});

describe("as JUnit", () => {
  it("findings are failures, faults are errors, and warnings are output", () => {
    const xml = plain("junit");
    expect(xml).toContain('<testsuite name="cocoon-webhook check" tests="3" failures="1" errors="2">');
    expect(xml).toContain(
      '<failure type="stray-pod" message="is &quot;100%&quot; &lt;stray&gt;\uFFFD[31m&#10;really">a, b/c.yaml:9:5: ',
    );
    expect(xml).toContain('<error type="not-checked" message="line 2: is not YAML: why"/>');
    expect(xml.match(/<system-out>/g)).toHaveLength(1);
  });

  it("a clean report is one test that passed", () => {
    expect(plain("junit", clean)).toContain('tests="1" failures="0" errors="0"');
  });
});
