import { type ApiResponse, apiErrorOf, type ClusterConnection } from "@cocoonstack/common/k8s";

/** The configurations that carry the bundle, by resource. */
const resources = ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"] as const;

/** What was found when a bundle was to be published. */
export interface Published {
  /**
   * - `settled`: both configurations carried it already
   * - `changed`: one had to be mended, and was
   * - `overtaken`: somebody wrote one in the same instant; the next look sees what it is now
   * - `absent`: one does not exist
   */
  readonly outcome: Outcome;
  /** Another one whenever an entry of the configurations was changed, by whomever, or they were made anew. */
  readonly revision: string;
}

type Outcome = "settled" | "changed" | "overtaken" | "absent";

/** What is said of both is what is furthest from being settled. */
const worstFirst: readonly Outcome[] = ["absent", "overtaken", "changed"];

/**
 * Writes the bundle of authorities into the webhook configurations, and mends it where somebody has changed it. Every
 * request that fails rejects, with an ApiError or a RequestError.
 */
export class BundlePublisher {
  readonly #connection: Pick<ClusterConnection, "request">;
  readonly #configuration: string;

  /** @param configuration the name of both configurations */
  constructor(connection: Pick<ClusterConnection, "request">, configuration: string) {
    this.#connection = connection;
    this.#configuration = configuration;
  }

  /** Whether any entry of the configurations carries a bundle. */
  async isAnyPublished(): Promise<boolean> {
    const configurations = await Promise.all(resources.map((resource) => this.#read(resource)));
    return configurations.some((configuration) =>
      configuration?.webhooks?.some(({ clientConfig }) => (clientConfig.caBundle ?? "") !== ""),
    );
  }

  async publish(bundlePem: string): Promise<Published> {
    const both = await Promise.all(resources.map((resource) => this.#mend(resource, bundlePem)));
    const outcomes = both.map(({ outcome }) => outcome);
    return {
      outcome: worstFirst.find((outcome) => outcomes.includes(outcome)) ?? "settled",
      revision: both.map(({ revision }) => revision).join(" "),
    };
  }

  async #mend(resource: string, bundlePem: string): Promise<Published> {
    const configuration = await this.#read(resource);
    if (configuration === undefined) return { outcome: "absent", revision: "" };
    const caBundle = Buffer.from(bundlePem).toString("base64");
    const stale = (configuration.webhooks ?? []).flatMap(({ clientConfig }, index) =>
      clientConfig.caBundle === caBundle ? [] : [index],
    );
    const revision = revisionOf(configuration);
    if (stale.length === 0) return { outcome: "settled", revision };
    const operations = stale.map((index) => ({
      op: "add",
      path: `/webhooks/${index}/clientConfig/caBundle`,
      value: caBundle,
    }));
    return { outcome: await this.#patch(resource, configuration, operations), revision };
  }

  async #read(resource: string): Promise<Configuration | undefined> {
    const path = this.#pathOf(resource);
    const response = await this.#connection.request({ path });
    if (response.status === 404) return undefined;
    if (response.status !== 200) throw apiErrorOf(`GET ${path}`, response);
    return JSON.parse(response.body.toString("utf8")) as Configuration;
  }

  async #patch(resource: string, read: Configuration, operations: readonly object[]): Promise<Outcome> {
    const path = this.#pathOf(resource);
    const { resourceVersion } = read.metadata;
    const response = await this.#connection.request({
      method: "PATCH",
      path,
      // Entries are addressed by their place, so this must be the version that was read.
      body: JSON.stringify([
        { op: "test", path: "/metadata/resourceVersion", value: resourceVersion },
        ...operations,
      ]),
      contentType: "application/json-patch+json",
    });
    if (response.status === 200) return "changed";
    if (await this.#isOvertaken(resource, read, response)) return "overtaken";
    throw apiErrorOf(`PATCH ${path}`, response);
  }

  /** A test that fails is a 422, and so is a configuration that the API server does not take: only the first has changed. */
  async #isOvertaken(resource: string, read: Configuration, { status }: ApiResponse): Promise<boolean> {
    if (status !== 422) return status === 409 || status === 404;
    return (await this.#read(resource))?.metadata.resourceVersion !== read.metadata.resourceVersion;
  }

  #pathOf(resource: string): string {
    return `/apis/admissionregistration.k8s.io/v1/${resource}/${encodeURIComponent(this.#configuration)}`;
  }
}

/** The API server counts a generation up when an entry changes, and not for labels or annotations. */
const revisionOf = ({ metadata: { uid, generation } }: Configuration): string => `${uid}/${generation}`;

interface Configuration {
  readonly metadata: {
    readonly uid: string;
    readonly generation: number;
    readonly resourceVersion: string;
  };
  readonly webhooks?: readonly { readonly clientConfig: { readonly caBundle?: string } }[];
}
