/**
 * What policies need to know beyond the request, read from the cluster.
 *
 * @module
 */
export { ClusterParentReader, noCluster, type OnFetch, type ParentReader } from "./parent-reader.js";
