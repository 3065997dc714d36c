/** The end of a call to the registry. */
export interface TagCallOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * What the operator needs of a registry: the client of `@cocoonstack/registry` fits. The repository of a VM has the VM's name. Every
 * call comes to its end within its deadline, and rejects with a `RegistryError`: an error whose message and `kind` say why it failed.
 */
export interface TagRegistry {
  /** The digest of the manifest that has this tag, or undefined where there is none. */
  resolve(repository: string, tag: string, options?: TagCallOptions): Promise<string | undefined>;
  /** Gives the manifest with this digest a tag. */
  tag(repository: string, digest: string, tag: string, options?: TagCallOptions): Promise<void>;
  /** Takes the tag away, as long as it has this digest; one that is not there is fine. */
  deleteTag(
    repository: string,
    tag: string,
    options?: TagCallOptions & { readonly ifDigest?: string },
  ): Promise<void>;
}
