/** A component of a CycloneDX document. */
export interface Component {
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  readonly scope?: string;
  /** Npm's own remarks, such as that it is needed for development alone. */
  readonly properties?: readonly object[];
}

/** The part of a CycloneDX 1.5 document that is changed. */
export interface Bom {
  readonly metadata: { readonly component: object };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

/** A package as `name@version`. */
export type Release = string;

/** The executable that is described. */
export interface Executable {
  readonly name: string;
  readonly version: string;
}

/**
 * Of a document about everything that is installed, the part about an executable: npm knows no more than that a bundled package
 * is needed to build. `releases` are the packages in the bundle.
 *
 * @throws {Error} when the document lacks one of them, because it is then about another installation.
 */
export function shippedOnly(bom: Bom, releases: readonly Release[], { name, version }: Executable): Bom {
  const components = releases.map((release) => {
    const component = bom.components.find((one) => releaseOf(one) === release);
    if (component === undefined) {
      throw new Error(
        `${release} is in the executable and not in package-lock.json: npm ci, and build again`,
      );
    }
    return { ...component, scope: "required", properties: [] };
  });
  const refs = components.map((component) => component["bom-ref"]);
  const ref = `${name}@${version}`;
  return {
    ...bom,
    metadata: {
      ...bom.metadata,
      component: {
        "bom-ref": ref,
        type: "application",
        name,
        version,
        licenses: [{ license: { id: "MIT" } }],
      },
    },
    components,
    dependencies: [
      { ref, dependsOn: refs },
      ...bom.dependencies
        .filter((dependency) => refs.includes(dependency.ref))
        .map((dependency) => ({
          ...dependency,
          dependsOn: (dependency.dependsOn ?? []).filter((other) => refs.includes(other)),
        })),
    ],
  };
}

const releaseOf = ({ name, version }: Component): Release => `${name}@${version}`;

/** The packages that a bundle's THIRD_PARTY_LICENSES.txt names: `NAME VERSION (LICENCE)`, each below a rule but the first. */
export const releasesIn = (licences: string): readonly Release[] =>
  [...licences.matchAll(/(?:^|-{80}\n\n)(\S+) (\S+) \([^\n]*\)\n/g)].map(
    ([, name = "", version = ""]) => `${name}@${version}`,
  );
