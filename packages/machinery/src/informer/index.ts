/** Informers: copies of collections of the API that follow their changes. */
export type { Collection } from "./collection.js";
export { Informer, type InformerObserver, type InformerOptions } from "./informer.js";
export { keyOf, type KubeObject } from "./kube-object.js";
export type { ChangeHandler, IndexFunction } from "./store.js";
export type { WatchEnd } from "./watch-once.js";
