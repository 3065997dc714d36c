// A module of its own, so that it is loaded only where there is YAML: in a pod there is none.
export { parse as parseYaml } from "yaml";
