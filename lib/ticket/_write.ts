/** @module */

/** One change that an operation has planned, all paths relative to the root. */
export type Write =
  | { readonly action: "make_folder"; readonly path: string }
  | { readonly action: "create"; readonly path: string; readonly text: string }
  | { readonly action: "write"; readonly path: string; readonly text: string }
  | { readonly action: "append"; readonly path: string; readonly text: string }
  | { readonly action: "rename"; readonly path: string; readonly to: string }
  | { readonly action: "remove"; readonly path: string };
