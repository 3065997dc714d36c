/** Component of a repository's name, by the OCI distribution specification. */
const component = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const repository = new RegExp(`^${component}(?:/${component})*$`);
const tag = /^\w[\w.-]{0,127}$/;

/** Together with the registry's host, which many implementations keep names below 255 characters with. */
const longestRepository = 255;

/**
 * Whether a text is the name of a repository, such as `team/vk-shop-demo-0`: lower case, and nothing that could climb out
 * of a path.
 */
export const isRepository = (text: string): boolean =>
  text.length <= longestRepository && repository.test(text);

/** Whether a text is a tag, such as `hibernate`. */
export const isTag = (text: string): boolean => tag.test(text);
