import Type from "typebox";

/** What Kubernetes' own types put on a quantity, so that every client refuses the same strings. */
const pattern =
  "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$";

/** A Kubernetes quantity: `20Gi`, `500m`, or a bare integer. */
export const Quantity = Type.Union([Type.Integer(), Type.String()], {
  title: "Quantity",
  description:
    "An amount as Kubernetes writes it: a number with an optional unit, such as 20Gi (bytes, powers of 1024), " +
    "20G (bytes, powers of 1000), 500m (thousandths), or a bare integer.",
  examples: ["20Gi"],
  pattern,
  "x-kubernetes-int-or-string": true,
});
