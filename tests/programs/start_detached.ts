/** Starts `sleep` so that it outlives this program, prints its pid, ends. @module */

import { spawnDetached } from "../../lib/process/detached.ts";

const child = spawnDetached({ command: ["sleep", "600"], logPath: Deno.args[0]! });
child.unref();
await Deno.stdout.write(new TextEncoder().encode(`${child.pid}\n`));
