import { describe, expect, it } from "vitest";
import { parseManifests } from "./parse-manifests.js";

const messages = (file: string, text: string): readonly string[] =>
  parseManifests(file, text).faults.map(({ message }) => message);

describe("what to do about a text that cannot be read", () => {
  const helm = "is a Helm template: render it first: helm template CHART | cocoon-webhook check -";

  it.each([
    ["a value", "spec:\n  replicas: {{ .Values.replicas }}\n"],
    ["a condition", "{{- if .Values.enabled }}\nkind: Pod\n{{- end }}\n"],
    ["lines", 'metadata:\n  labels:\n    {{- include "labels" . | nindent 4 }}\n'],
    ["a later document", "kind: Pod\n---\nkind: {{ .Values.kind }}\n"],
  ])("names Helm, for a template with %s", (_, text) => {
    expect(messages("pod.yaml", text)).toEqual([helm]);
  });

  it("does not name Helm where braces stand elsewhere", () => {
    const text = 'message: "{{ $labels.pod }} is down"\na: [\n';
    expect(messages("alerts.yaml", text)).toEqual([expect.stringMatching(/^is not YAML: /)]);
  });

  it("says where to look in YAML", () => {
    expect(messages("pod.yaml", "kind: Pod\n name: a\n")).toEqual([
      expect.stringMatching(
        /^is not YAML: .+: look at the indentation and the quotes here and in the line above$/,
      ),
    ]);
  });

  it("says that a .json file is not JSON", () => {
    expect(messages("pod.json", '{"kind": [1,}')).toEqual([
      expect.stringMatching(/^is not JSON: .+: look at the commas, the quotes and the brackets up to here$/),
    ]);
  });

  it("leaves alone what says already what is wrong", () => {
    expect(messages("pod.json", '{"a": 1, "a": 2}')).toEqual([expect.not.stringContaining("look at")]);
  });
});
