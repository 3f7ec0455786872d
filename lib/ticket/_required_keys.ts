/** @module */

/** Keys that the frontmatter of every ticket of the third generation has. */
export const REQUIRED_KEYS = ["title", "state", "created_at", "updated_at"] as const;
