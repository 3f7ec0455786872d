/** What the frontmatter of older generations had, and that of the third has not. @module */

/** Keys that the doctor complains of and a migration moves away. */
export const OBSOLETE_KEYS = [
  "id",
  "slug",
  "status",
  "workflow_state",
  "kind",
  "labels",
  "action_required",
  "attention_required",
] as const;
