import { cocoonSetSchema } from "@cocoonstack/common/apis/v1";
import { describe, expect, it } from "vitest";
import { unknownFields } from "./unknown-fields.js";

const fieldsOf = (object: unknown): string[] =>
  unknownFields(object, cocoonSetSchema).map(({ field }) => field);

describe("unknownFields", () => {
  it("names each, at any depth and in lists, and nothing below it", () => {
    const toolboxes = [{ name: "a" }, { name: "b", img: 1 }];
    const object = { extra: { more: 1 }, spec: { agent: { imag: "a" }, toolboxes }, "a.b": 1 };
    expect(fieldsOf(object)).toEqual(["extra", "spec.agent.imag", "spec.toolboxes[1].img", "[a.b]"]);
  });

  it("lets keys be that are free, and what API servers write", () => {
    const resources = { limits: { "example.com/gpu": 1 } };
    const metadata = { labels: { "app.kubernetes.io/name": "a" }, managedFields: [{ x: 1 }] };
    expect(fieldsOf({ metadata, spec: { agent: { image: "a", resources } } })).toEqual([]);
  });

  it("knows a name that differs in its case alone", () => {
    const [breach] = unknownFields({ Spec: {} }, cocoonSetSchema);
    expect(breach?.message).toBe('is no field of the API; "spec" is written so');
  });

  it("names the field that was probably meant, before all that there are", () => {
    const [breach] = unknownFields({ spec: { agent: { replica: 2 } } }, cocoonSetSchema);
    expect(breach?.message).toMatch(/^is no field of the API; did you mean "replicas"\? there are backend, /);
  });

  it("is not put off by values of another type, which the schema refuses", () => {
    expect(fieldsOf({ spec: { agent: "a", toolboxes: { name: 1 } } })).toEqual([]);
    expect(fieldsOf("text")).toEqual([]);
  });
});
