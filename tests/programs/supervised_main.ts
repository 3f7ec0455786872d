/**
 * A supervisor as a program: runs the configuration in its argument, output to stdout, events as JSON
 * lines to stderr, SIGTERM and SIGHUP as the command line has them. With a second argument it listens
 * on that control socket and keeps its record beside it.
 *
 * @module
 */

import { SignalListener } from "../../lib/process/signals.ts";
import {
  ControlServer,
  Supervisor,
  type SupervisorConfig,
  wholeWrites,
} from "../../lib/supervisor/mod.ts";

const encoder = new TextEncoder();
const tell = (value: unknown) =>
  Deno.stderr.writeSync(encoder.encode(`${JSON.stringify(value)}\n`));

async function main(): Promise<number> {
  const config = JSON.parse(Deno.args[0]!) as SupervisorConfig;
  const path = Deno.args[1];
  const sink = wholeWrites(Deno.stdout);
  await using server = path === undefined ? undefined : await ControlServer.listen(path);
  let isStopping = false;
  using _signals = new SignalListener(["SIGTERM", "SIGHUP"], (signal) => {
    if (signal === "SIGHUP") {
      supervisor.restart().catch((error) => tell({ event: "refused", code: error.code }));
    } else {
      supervisor.shutdown(isStopping ? { now: true, signal: "SIGTERM" } : {}).catch(tell);
      isStopping = true;
    }
  });
  await using supervisor = Supervisor.start(config, {
    stdout: sink,
    stderr: sink,
    onEvent: tell,
    ...(path === undefined ? {} : { leftoversPath: `${path}.children` }),
  });
  server?.serve(supervisor);
  const running = setInterval(() => undefined, 60_000);
  const { code, reason } = await supervisor.done;
  clearInterval(running);
  tell({ event: "done", data: { code, reason: reason.kind } });
  return code;
}

try {
  Deno.exit(await main());
} catch (error) {
  tell({ event: "failed", data: { message: (error as Error).message } });
  Deno.exit(70);
}
