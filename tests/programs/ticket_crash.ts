/**
 * Does one operation in a ticket root and dies by SIGKILL at one of its writes.
 *
 * Arguments: the root, the operation's name, and how many writes begin before the death; as many as
 * there are means after the last one.
 *
 * @module
 */

import { OPERATIONS, storeAt } from "../ticket/_operations.ts";

const [root, name, writes] = [Deno.args[0]!, Deno.args[1]!, Number(Deno.args[2])];
let begun = 0;
let ended = 0;
const store = storeAt(root, 3600, ({ phase }) => {
  if (phase === "after") ended++;
  if (phase === "before" && begun++ === writes) Deno.kill(Deno.pid, "SIGKILL");
});
await OPERATIONS[name]!.run(store);
if (ended === writes) Deno.kill(Deno.pid, "SIGKILL");
