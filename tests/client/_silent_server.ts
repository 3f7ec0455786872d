/**
 * A Unix socket server in a process of its own, which never writes. Prints `ready`; for each number
 * that it reads from stdin it waits until it has served that many connections in all, and prints
 * its number of open sockets.
 */
import { countSockets } from "./_fake_pod.ts";

const [path] = Deno.args;
const listener = Deno.listen({ transport: "unix", path: path! });
let served = 0;
let onServed = () => {};

async function serve(socket: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(1024);
  while (await socket.read(buffer).catch(() => null) !== null) continue;
  socket.close();
  served += 1;
  onServed();
}

async function accept(): Promise<void> {
  for await (const socket of listener) void serve(socket);
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

const accepting = accept();
say("ready");
for await (const line of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  while (served < Number(line)) await new Promise<void>((resolve) => onServed = resolve);
  say(String(countSockets()));
}
listener.close();
await accepting;
