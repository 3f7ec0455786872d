/** `yoi attach`. @module */

import type { PodClient } from "../../client/pod_client.ts";
import type { Event } from "../../protocol/event.ts";
import { type ClientSignals, withClientSignals } from "../client_signals.ts";
import { connectTo } from "../connect.ts";
import type { Context } from "../context.ts";
import { EXIT, type ExitCode } from "../exit_code.ts";
import { InputLines } from "../input_lines.ts";
import { line, renderLines } from "../line.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { readLines } from "../read_lines.ts";
import { SessionView } from "../session_view.ts";
import { watch } from "../watch.ts";
import { wireText } from "../wire_text.ts";

const HINT = "a line is a message; Ctrl-C pauses a running turn, else detaches; Ctrl-D detaches";

/** Shows a session and what happens in it; lines of the input become runs. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const name = args.operands[0]!;
  const { stdout, stderr } = context.terminal;
  return await withClientSignals(async (signals) => {
    await using client = await connectTo(name, context, { signal: signals.signal });
    const view = new SessionView({
      style: stdout.style,
      columns: stdout.columns,
      withHistory: true,
    });
    const inputs = new InputLines((method) => client.send(method));
    const pause = new PauseKey(client, signals, context);
    if (Deno.stdin.isTerminal()) stderr.announce(renderLines([line("note", HINT)], stderr.style));
    const detach = new AbortController();
    const reading = readInput(inputs, () => detach.abort());
    // What fails in there is a closed input, and then no lines come.
    reading.catch(() => detach.abort());
    return await watch(client, {
      signal: AbortSignal.any([signals.signal, detach.signal]),
      write: (text) => stdout.write(text),
      render: args.has("json") ? wireText : (event) => view.show(event),
      onEvent: (event) => {
        inputs.hear(event);
        pause.hear(event);
        if (inputs.isDone) detach.abort();
      },
    }).catch((error) => {
      if (detach.signal.aborted && !signals.signal.aborted) return EXIT.done;
      throw error;
    });
  });
}

/** The first Ctrl-C of a running turn pauses it; every other one ends us. */
class PauseKey {
  #hasPaused = false;

  constructor(client: PodClient, signals: ClientSignals, context: Context) {
    signals.onInterrupt = () => {
      if (client.status !== "running" || this.#hasPaused) return false;
      this.#hasPaused = true;
      context.terminal.stderr.announce("\nyoi: pausing; once more detaches\n");
      // A connection that fails here is told by the waiting read.
      client.send({ method: "pause" }).catch(() => {});
      return true;
    };
  }

  /** A turn that has ended takes its Ctrl-C with it. */
  hear(event: Event): void {
    if (event.event === "status" && event.data.status !== "running") this.#hasPaused = false;
  }
}

async function readInput(inputs: InputLines, onEnd: () => void): Promise<void> {
  for await (const text of readLines(Deno.stdin)) inputs.add(text);
  inputs.end();
  // The end of a pipe that said something is the end of the talk; an empty input never was one.
  if (Deno.stdin.isTerminal() || inputs.isDone) onEnd();
}
