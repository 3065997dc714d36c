/** Sign, digits, decimals; the unit, or a power of ten. Go's parser lets digits be missing and counts them as zero. */
const quantityForm = /^ *[+-]?[0-9]*(?:\.[0-9]*)?(?:[numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]{1,19})? *$/;

/**
 * Whether Kubernetes' Go types read `text` as a quantity. They read more than the CRD's pattern lets through (`Gi` is
 * nought), and this follows them, because a decoder that is stricter than theirs would refuse what they store.
 *
 * @example
 * ```ts
 * parsesAsQuantity("0.5Gi"); // true
 * parsesAsQuantity("10 GB"); // false
 * ```
 */
export const parsesAsQuantity = (text: string): boolean => text.trim() !== "" && quantityForm.test(text);
