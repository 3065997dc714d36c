import { apiErrorOf, type ClusterConnection } from "@cocoonstack/common/k8s";

/** The configurations that carry the bundle, by resource. */
const resources = ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"] as const;

/**
 * How a bundle stands: `settled` where both configurations carried it already, `changed` where one had to be mended (or
 * somebody wrote it in the same instant), `absent` where one does not exist.
 */
export type Published = "settled" | "changed" | "absent";

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
    const results = await Promise.all(resources.map((resource) => this.#mend(resource, bundlePem)));
    return (
      results.find((result) => result === "absent") ??
      results.find((result) => result === "changed") ??
      "settled"
    );
  }

  async #mend(resource: string, bundlePem: string): Promise<Published> {
    const configuration = await this.#read(resource);
    if (configuration === undefined) return "absent";
    const caBundle = Buffer.from(bundlePem).toString("base64");
    const stale = (configuration.webhooks ?? []).flatMap(({ clientConfig }, index) =>
      clientConfig.caBundle === caBundle ? [] : [index],
    );
    if (stale.length === 0) return "settled";
    await this.#patch(resource, [
      // Entries are addressed by their place, so this must be the version that was read.
      { op: "test", path: "/metadata/resourceVersion", value: configuration.metadata.resourceVersion },
      ...stale.map((index) => ({
        op: "add",
        path: `/webhooks/${index}/clientConfig/caBundle`,
        value: caBundle,
      })),
    ]);
    return "changed";
  }

  async #read(resource: string): Promise<Configuration | undefined> {
    const path = this.#pathOf(resource);
    const response = await this.#connection.request({ path });
    if (response.status === 404) return undefined;
    if (response.status !== 200) throw apiErrorOf(`GET ${path}`, response);
    return JSON.parse(response.body.toString("utf8")) as Configuration;
  }

  async #patch(resource: string, operations: readonly object[]): Promise<void> {
    const path = this.#pathOf(resource);
    const response = await this.#connection.request({
      method: "PATCH",
      path,
      body: JSON.stringify(operations),
      contentType: "application/json-patch+json",
    });
    // Somebody else was faster (409, or a test that fails: 422), or took it away (404); the next look sees what is there.
    if ([200, 404, 409, 422].includes(response.status)) return;
    throw apiErrorOf(`PATCH ${path}`, response);
  }

  #pathOf(resource: string): string {
    return `/apis/admissionregistration.k8s.io/v1/${resource}/${encodeURIComponent(this.#configuration)}`;
  }
}

interface Configuration {
  readonly metadata: { readonly resourceVersion: string };
  readonly webhooks?: readonly { readonly clientConfig: { readonly caBundle?: string } }[];
}
