/**
 * Starts a child that has a child of its own, prints both pids, and on SIGINT or SIGTERM stops them
 * and ends the way a program in order does: 130 or 143.
 *
 * @module
 */

import { spawnChild } from "../../lib/process/child.ts";
import { SignalListener } from "../../lib/process/signals.ts";

const heard = Promise.withResolvers<Deno.Signal>();
using _listener = new SignalListener(["SIGINT", "SIGTERM"], heard.resolve);
const child = spawnChild({
  command: ["sh", "-c", 'sleep 600 & echo "$$ $!"; wait'],
  stdout: "inherit",
});
const running = setInterval(() => undefined, 60_000);
const signal = await heard.promise;
clearInterval(running);
await child.stop();
Deno.exit(signal === "SIGINT" ? 130 : 143);
