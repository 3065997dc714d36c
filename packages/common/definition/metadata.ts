import Type from "typebox";

const OwnerReference = Type.Object(
  {
    apiVersion: Type.String({ description: "API version of the owner, such as apps/v1." }),
    kind: Type.String({ description: "Kind of the owner." }),
    name: Type.String({ description: "Name of the owner, in the same namespace." }),
    uid: Type.String({ description: "UID of the owner: a new object of the same name is another owner." }),
    controller: Type.Optional(
      Type.Boolean({ description: "Whether this owner is the one that manages the object." }),
    ),
    blockOwnerDeletion: Type.Optional(
      Type.Boolean({
        description: "Whether the owner waits for this object when it is deleted in the foreground.",
      }),
    ),
  },
  {
    title: "OwnerReference",
    description: "An object that this one belongs to and is deleted with.",
    examples: [
      {
        apiVersion: "cocoonset.cocoonstack.io/v1",
        kind: "CocoonSet",
        name: "demo",
        uid: "5e1f0c2a",
        controller: true,
      },
    ],
  },
);

/** The part of Kubernetes' object metadata that Cocoon reads. In the CRD it is `type: object`: the API server owns it. */
const ObjectMeta = Type.Object(
  {
    name: Type.Optional(Type.String({ description: "Name, unique for the kind within the namespace." })),
    namespace: Type.Optional(Type.String({ description: "Namespace that holds the object." })),
    generateName: Type.Optional(
      Type.String({ description: "Prefix from which the server makes a name when name is empty." }),
    ),
    uid: Type.Optional(
      Type.String({ description: "Identity over time, set by the server and never used again." }),
    ),
    labels: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: "Keys and values by which objects are selected.",
      }),
    ),
    annotations: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: "Keys and values that tools keep on the object.",
      }),
    ),
    generation: Type.Optional(
      Type.Integer({ format: "int64", description: "Counts the changes of the spec; set by the server." }),
    ),
    resourceVersion: Type.Optional(
      Type.String({ description: "Opaque version of the stored object, for optimistic locking." }),
    ),
    creationTimestamp: Type.Optional(
      Type.String({ format: "date-time", description: "When the object was created (RFC 3339)." }),
    ),
    deletionTimestamp: Type.Optional(
      Type.String({ format: "date-time", description: "When deletion was asked for (RFC 3339)." }),
    ),
    finalizers: Type.Optional(
      Type.Array(Type.String(), { description: "Who still has to clean up before the object goes." }),
    ),
    ownerReferences: Type.Optional(
      Type.Array(OwnerReference, { description: "Objects that this one belongs to." }),
    ),
  },
  {
    title: "ObjectMeta",
    description:
      "Name, labels and life cycle of an object, as on every Kubernetes object; the part that Cocoon reads.",
    examples: [{ name: "demo", namespace: "default", labels: { team: "search" } }],
  },
);

const ListMeta = Type.Object(
  {
    resourceVersion: Type.Optional(
      Type.String({ description: "Opaque version of the list, from which a watch can go on." }),
    ),
    continue: Type.Optional(Type.String({ description: "Token for the next page; empty on the last one." })),
    remainingItemCount: Type.Optional(
      Type.Integer({ format: "int64", description: "How many items the following pages hold, where known." }),
    ),
  },
  {
    title: "ListMeta",
    description: "Version and paging of a list.",
    examples: [{ resourceVersion: "1042", remainingItemCount: 12 }],
  },
);

/** `apiVersion` and `kind`, as every Kubernetes object carries them. */
const typeMeta = {
  apiVersion: Type.Optional(
    Type.String({ description: "Group and version of this object: cocoonset.cocoonstack.io/v1." }),
  ),
  kind: Type.Optional(Type.String({ description: "Kind of this object, in CamelCase." })),
};

export { ListMeta, ObjectMeta, OwnerReference, typeMeta };
