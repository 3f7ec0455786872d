/** `yoi send`. @module */

import type { Event } from "../../protocol/event.ts";
import { withClientSignals } from "../client_signals.ts";
import { connectTo } from "../connect.ts";
import type { Context } from "../context.ts";
import { EventLines } from "../event_lines.ts";
import { EXIT, type ExitCode } from "../exit_code.ts";
import { line, renderLines } from "../line.ts";
import { ANSWERS, readMethod } from "../method_words.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { request } from "../request.ts";
import type { Style } from "../style.ts";
import { wireText } from "../wire_text.ts";

/** Seconds to wait for an answer that must come, and for a refusal that may. */
const ANSWER_SECONDS = 10;
const REFUSAL_SECONDS = 0.5;

/** Sends one Method and shows the events that directly answer it. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const [name = "", word = "", parameters] = args.operands;
  const method = readMethod(word, parameters);
  const { stdout, stderr } = context.terminal;
  const last = ANSWERS[method.method];
  const seconds = args.positive("wait") ?? (last.length > 0 ? ANSWER_SECONDS : REFUSAL_SECONDS);
  const lines = new EventLines();
  const render = (event: Event) =>
    args.has("json") ? wireText(event) : readable(event, lines, stdout.style);
  return await withClientSignals(async ({ signal }) => {
    await using client = await connectTo(name, context, { signal });
    let text = "";
    let hasFailed = false;
    const answer = await request(client, method, {
      timeoutMs: seconds * 1000,
      signal,
      judge: (event, isOurs) => {
        if (!isOurs && !(event.event === "shutdown" && method.method === "shutdown")) {
          return undefined;
        }
        text += render(event);
        hasFailed = event.event === "error";
        return hasFailed || last.includes(event.event) ? event : undefined;
      },
    });
    await stdout.write(text);
    if (hasFailed) return EXIT.failed;
    if (answer || last.length === 0) return EXIT.done;
    stderr.announce(`yoi: Pod "${name}" has not answered within ${seconds} s\n`);
    return EXIT.failed;
  });
}

/** Answers that are data are shown as data; everything else in a line. */
function readable(event: Event, lines: EventLines, style: Style): string {
  switch (event.event) {
    case "completions":
    case "rewind_targets":
    case "rewind_applied":
    case "pods_listed":
    case "pod_restored":
    case "peer_registered":
      return `${JSON.stringify(event.data, null, 2)}\n`;
  }
  const known = lines.of(event);
  return renderLines(known.length > 0 ? known : [line("note", event.event)], style);
}
