/**
 * This process as a supervisor: from its start to its end, signals included.
 *
 * Source: supervisor specification, section 5; decisions 42, 45, 46, 48.
 *
 * @module
 */

import { ControlServer } from "../supervisor/control_server.ts";
import type { OutputSink } from "../supervisor/output_sink.ts";
import { Supervisor } from "../supervisor/supervisor.ts";
import type { SupervisorOutcome } from "../supervisor/supervisor_options.ts";
import { CliError } from "./cli_error.ts";
import type { Context } from "./context.ts";
import { loadSuperviseConfig } from "./supervise_config.ts";
import { SuperviseNotices } from "./supervise_notices.ts";
import { superviseOutputs } from "./supervise_outputs.ts";
import { recordPath } from "./supervise_record.ts";
import type { SuperviseSignal, SuperviseSignals } from "./supervise_signals.ts";
import { COLOURED } from "./style.ts";
import type { Output } from "./terminal.ts";

/** What the command line says. */
export interface SuperviseRequest {
  /** The configuration file. */
  file: string | undefined;
  /** Where to listen for control clients. */
  control: string | undefined;
  asJson: boolean;
}

/**
 * Supervises until a signal, a control client, a critical child, the end of all children or the end
 * of whoever reads the output ends it.
 *
 * @returns what the process is to end with.
 * @throws whatever keeps it from starting; no child was started then.
 * @throws {CliError} `fault`, unless it was told as JSON.
 */
export async function superviseProcess(
  request: SuperviseRequest,
  signals: SuperviseSignals,
  context: Context,
): Promise<number> {
  const { control, asJson } = request;
  const { path, config } = await loadSuperviseConfig(request.file, context);
  const { stdout, stderr } = await superviseOutputs(context.terminal);
  const notices = new SuperviseNotices(stderr, { asJson });
  await using server = control === undefined ? undefined : await ControlServer.listen(control);
  const leftoversPath = await recordPath({ file: path, control }, context);
  const sink = sinkOf(stdout);
  await using supervisor = Supervisor.start(config, {
    stdout: sink,
    stderr: stderr === stdout ? sink : sinkOf(stderr),
    format: asJson ? "json" : "plain",
    colour: stdout.style === COLOURED && stderr.style === COLOURED,
    leftoversPath,
    onEvent: (event) => notices.tell(event),
  });
  signals.listen(actOn(supervisor, notices));
  server?.serve(supervisor);
  const outcome = await supervisor.done;
  notices.tellEnd(outcome);
  await notices.written();
  return asJson ? outcome.code : codeOf(outcome);
}

function sinkOf(output: Output): OutputSink {
  return { write: (bytes) => output.writeBytes(bytes) };
}

/** What signals do. Nothing is waited for: what comes of it is heard as events, or at the end. */
function actOn(
  supervisor: Supervisor,
  notices: SuperviseNotices,
): (signal: SuperviseSignal) => void {
  let isEnding = false;
  return (signal) => {
    switch (signal) {
      case "SIGTERM":
      case "SIGINT":
        void supervisor.shutdown(isEnding ? { now: true, signal } : {});
        if (!isEnding) notices.tellShutdown(signal);
        isEnding = true;
        break;
      case "SIGHUP":
        supervisor.restart().catch(() => "an event has told why a child is not up");
        break;
      case "SIGUSR2":
        notices.tellStatus(supervisor.status());
    }
  };
}

/** For people a fault is an error like any other; for programs the notices have told it. */
function codeOf({ code, reason }: SupervisorOutcome): number {
  if (reason.kind !== "fault") return code;
  const { error } = reason;
  const message = error instanceof Error ? error.message : String(error);
  throw new CliError("fault", message, { cause: error });
}
