/** What the engine passes in a preview for a value that only an `up` will tell, whatever its type. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether `value` is, or holds anywhere, a value that is not known yet. */
export const isUnknown = (value: unknown): boolean => {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(isUnknown);
  if (typeof value === "object" && value !== null) return Object.values(value).some(isUnknown);
  return false;
};

/** Whether a value is given and known now; for rules that compare fields. */
export const isKnown = (value: unknown): boolean =>
  value !== undefined && value !== null && !isUnknown(value);
