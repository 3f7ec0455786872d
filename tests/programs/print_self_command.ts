/** Shows the words that start this program again: `words` as JSON, `again` by running them once. @module */

import { nextSpawnDepth, selfCommand, SPAWN_DEPTH_VARIABLE } from "../../lib/process/mod.ts";

const depth = Deno.env.get(SPAWN_DEPTH_VARIABLE) ?? "0";
if (Deno.args[0] === "again") {
  const [program, ...args] = selfCommand({ flags: ["--quiet", "--allow-env", "--allow-read"] });
  const env = { [SPAWN_DEPTH_VARIABLE]: String(nextSpawnDepth()) };
  await new Deno.Command(program!, { args: [...args, "child"], env }).spawn().status;
} else if (Deno.args[0] === "words") {
  await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(selfCommand())}\n`));
} else {
  await Deno.stdout.write(new TextEncoder().encode(`${Deno.args[0]} at depth ${depth}\n`));
}
