import { cocoonSetSchema, type Schema } from "@cocoonstack/common/apis/v1";

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Fields that the schema does not know and those that are null go; defaults come. What has the wrong type stays. */
function completed(value: unknown, schema: Schema | undefined): unknown {
  if (schema === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => completed(item, schema.items));
  if (!isObject(value)) return value;
  const { properties = {}, additionalProperties } = schema;
  const keys = additionalProperties === undefined ? Object.keys(properties) : Object.keys(value);
  return Object.fromEntries(
    keys.flatMap((key) => {
      const inner = properties[key] ?? additionalProperties;
      const member = value[key] ?? inner?.default;
      return member === undefined ? [] : [[key, completed(member, inner)]];
    }),
  );
}

/**
 * A new CocoonSet as an API server with the shipped CRD hands it to validating webhooks: without unknown fields, null
 * and status, and with the defaults of the schema.
 */
export const admitted = ({ spec }: Readonly<Record<string, unknown>>): unknown =>
  spec === undefined || spec === null ? {} : { spec: completed(spec, cocoonSetSchema.properties?.["spec"]) };
