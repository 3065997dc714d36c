import { customResources, group } from "./crd.js";
import { renderCRD } from "./render-crd.js";
import { renderEnums } from "./render-enums.js";
import { renderSchemas } from "./render-schemas.js";
import { renderTypes } from "./render-types.js";

const source = "packages/common/src/apis/v1";

/** What is generated from this definition: paths from the repository's root, and how to make them. */
export const apiFiles = [
  ...customResources.map((resource) => ({
    path: `packages/common/crds/${group}_${resource.plural}.yaml`,
    render: (): string => renderCRD(resource),
  })),
  { path: `${source}/enums.generated.ts`, render: renderEnums },
  { path: `${source}/types.generated.ts`, render: renderTypes },
  { path: `${source}/schema.generated.ts`, render: (): Promise<string> => renderSchemas(customResources) },
];
