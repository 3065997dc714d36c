/**
 * What policies need to know beyond the request, read from the cluster.
 *
 * @module
 */
export { ClusterHibernationReader, type HibernationReader, noHibernations } from "./hibernation-reader.js";
export { ClusterParentReader, noCluster, type OnFetch, type ParentReader } from "./parent-reader.js";
