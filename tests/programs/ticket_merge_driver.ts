/** The merge driver as git starts it: `ticket merge-driver %O %A %B %P`. */

import { runMergeDriver } from "../../lib/ticket/merge_driver.ts";

const [base = "", ours = "", theirs = "", path = ""] = Deno.args.slice(2);
const { conflict } = await runMergeDriver({ base, ours, theirs, path });
Deno.exit(conflict ? 1 : 0);
