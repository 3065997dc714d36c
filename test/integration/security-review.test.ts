import { readFileSync } from "node:fs";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { admissionRequest, reviewOf } from "../support/admission-request.js";
import { citationFault, citedTests } from "../support/documents/cited-tests.js";
import { runExecutable, WebhookProcess } from "../support/webhook-process.js";

const repository = path.resolve(import.meta.dirname, "../..");
const page = readFileSync(path.join(repository, "docs/security-review.md"), "utf8");

/** Where the page's short names of test files lead. */
const folders = [
  "test",
  ...["common", "machinery", "node", "operator", "registry", "webhook"].map((name) => `packages/${name}/src`),
  "scripts",
] as const;

const rows = page
  .split(/\n\n/)
  .filter((block) => block.startsWith("| attack "))
  .flatMap((findings) => findings.trim().split("\n").slice(2))
  .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | *\|$/g, "").trim()));

const cited = rows.flatMap(([, , , proof = ""]) => citedTests(proof));

describe("docs/security-review.md", () => {
  it("gives each finding a verdict, and a test where it says that something is so", () => {
    expect(rows.length).toBeGreaterThan(75);
    for (const [attack, severity = "", verdict = "", proof = ""] of rows) {
      expect([attack, severity]).toEqual([attack, expect.stringMatching(/^(high|medium|low|)$/)]);
      expect([attack, verdict]).toEqual([attack, expect.stringMatching(/^(mended|held|accepted)$/)]);
      expect([attack, proof]).toEqual([
        attack,
        expect.stringMatching(verdict === "accepted" ? /\w/ : /`[\w/-]+`: "/),
      ]);
    }
  });

  it.each(cited)('names a test that exists: $file "$title"', (test) => {
    expect(citationFault(test, ...folders)).toBeUndefined();
  });
});

describe("names that somebody chose", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "cocoon-names-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const evil = 'x\n::error file=/etc/passwd::forged\n{"level":"info","msg":"forged"}\u001b[2J';

  it("forge no line of the log", async () => {
    await using webhook = await WebhookProcess.start(["--standalone"]);
    const object = {
      metadata: { name: evil },
      spec: { tolerations: [{ key: "virtual-kubelet.io/provider" }] },
    };
    const request = { ...admissionRequest("Pod", { object }), userInfo: { username: evil } };
    await webhook.review("/mutate", reviewOf(request));
    expect(await webhook.logged(({ reason }) => reason === "stray-pod")).toMatchObject({ user: evil });
    // Each line was one object, or the process that reads them would have thrown.
    expect(webhook.log.filter(({ msg }) => msg === "forged")).toEqual([]);
  });

  it("forge no annotation of a workflow, and no control character for a terminal", async () => {
    const file = path.join(folder, "evil.yaml");
    const object = { apiVersion: "v1", kind: "Pod", metadata: { name: evil } };
    const spec = { tolerations: [{ key: "virtual-kubelet.io/provider" }] };
    await writeFile(file, JSON.stringify({ ...object, spec }));
    const github = await runExecutable(["check", "-o", "github", file]);
    expect(github.stdout.match(/^::.*$/gm)).toHaveLength(1);
    const text = await runExecutable(["check", file]);
    expect(text.stdout).toContain("x�::error");
    // eslint-disable-next-line no-control-regex -- these are what must not be there
    expect(text.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  it("of links in a folder lead to no device", async () => {
    const manifests = await mkdtemp(path.join(folder, "manifests-"));
    await writeFile(
      path.join(manifests, "a.yaml"),
      "apiVersion: v1\nkind: Namespace\nmetadata: { name: a }\n",
    );
    await symlink("/dev/zero", path.join(manifests, "b.yaml"));
    expect(await runExecutable(["check", manifests])).toMatchObject({
      code: 0,
      stdout: "1 object in 1 file: 0 errors, 0 warnings\n",
    });
  });
});
