import type { AnySchema } from "ajv";

const text = { type: "object", required: ["text"], properties: { text: { type: "string", minLength: 1 } } };

/**
 * What GitHub's code scanning requires beyond the standard:
 * https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
 */
export const codeScanning = {
  type: "object",
  required: ["$schema", "version", "runs"],
  properties: {
    $schema: { type: "string", pattern: "/sarif-schema-2\\.1\\.0\\.json$" },
    version: { const: "2.1.0" },
    runs: { type: "array", minItems: 1, maxItems: 20, items: { $ref: "#/$defs/run" } },
  },
  $defs: {
    run: {
      type: "object",
      required: ["tool", "results"],
      properties: {
        tool: {
          type: "object",
          required: ["driver"],
          properties: {
            driver: {
              type: "object",
              required: ["name", "rules"],
              properties: {
                name: { type: "string", minLength: 1 },
                rules: { type: "array", items: { $ref: "#/$defs/rule" } },
              },
            },
          },
        },
        results: { type: "array", items: { $ref: "#/$defs/result" } },
      },
    },
    rule: {
      type: "object",
      required: ["id", "shortDescription", "fullDescription", "help"],
      properties: {
        id: { type: "string", minLength: 1, maxLength: 255 },
        shortDescription: text,
        fullDescription: text,
        help: text,
      },
    },
    result: {
      type: "object",
      required: ["ruleId", "message", "locations", "partialFingerprints"],
      properties: {
        message: text,
        locations: {
          type: "array",
          minItems: 1,
          maxItems: 10,
          items: {
            type: "object",
            required: ["physicalLocation"],
            properties: {
              physicalLocation: {
                type: "object",
                required: ["artifactLocation", "region"],
                properties: {
                  artifactLocation: {
                    type: "object",
                    required: ["uri"],
                    properties: { uri: { type: "string", format: "uri-reference" } },
                  },
                  region: { type: "object", required: ["startLine"] },
                },
              },
            },
          },
        },
        partialFingerprints: { type: "object", minProperties: 1 },
      },
    },
  },
} satisfies AnySchema;
