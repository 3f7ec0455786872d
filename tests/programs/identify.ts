/** Prints what the process room knows of the pid and the group in its arguments. @module */

import { identify, liveGroupMembers } from "../../lib/process/identity.ts";

const [pid, group] = Deno.args.map(Number);
const members = liveGroupMembers(group!);
await Deno.stdout.write(
  new TextEncoder().encode(JSON.stringify({ identity: identify(pid!), members })),
);
