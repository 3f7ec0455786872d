/** What happened: segment logs, their entries and their replay. @module */

export type * from "./entry.ts";
export * from "./item.ts";
