/** What a supervisor says of itself, beside the lines of its children. @module */

import type { ControlEvent } from "../supervisor/control_protocol.ts";
import type { SupervisorStatus } from "../supervisor/status.ts";
import type { SupervisorOutcome } from "../supervisor/supervisor_options.ts";
import { exitText, superviseTable } from "./supervise_table.ts";
import type { Output } from "./terminal.ts";

/** Characters that wait at most for a reader who takes nothing. */
const MAX_WAITING = 65_536;
/** Milliseconds that a reader has for what is said last. */
const FAREWELL_MS = 500;

/**
 * Writes notices to an output that the lines of children are written to as well: whole, without
 * waiting, and dropped when nobody takes them. With `asJson` they are the events of the control
 * socket, one a line.
 */
export class SuperviseNotices {
  readonly #output: Pick<Output, "write" | "columns" | "style">;
  readonly #asJson: boolean;
  readonly #now: () => number;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(
    output: Pick<Output, "write" | "columns" | "style">,
    options: { asJson?: boolean; now?: () => number } = {},
  ) {
    this.#output = output;
    this.#asJson = options.asJson ?? false;
    this.#now = options.now ?? Date.now;
  }

  /** Tells an event, unless people have no use for it. */
  tell(event: ControlEvent): void {
    const text = this.#asJson ? `${JSON.stringify(event)}\n` : noticeOf(event);
    if (text !== undefined) this.#say(text);
  }

  /** Tells that a signal ends the supervisor. */
  tellShutdown(signal: Deno.Signal): void {
    if (!this.#asJson) this.#say(`yoi: shutting down (${signal}); once more kills at once\n`);
  }

  /** Tells what the children do. */
  tellStatus(status: SupervisorStatus): void {
    if (this.#asJson) this.tell({ event: "status", data: status });
    else this.#say(superviseTable(status.children, this.#output, this.#now()));
  }

  /** Tells why the supervisor has ended by itself, where nothing else does. */
  tellEnd({ reason }: SupervisorOutcome): void {
    if (this.#asJson && reason.kind === "fault") {
      const { error } = reason;
      const message = error instanceof Error ? error.message : String(error);
      this.tell({ event: "error", data: { message } });
    }
    if (this.#asJson || reason.kind !== "critical_child") return;
    this.#say(`yoi: has shut down: ${reason.child} is critical and has ended for good\n`);
  }

  /** Resolves when all of it is written, or its reader had time enough. */
  async written(): Promise<void> {
    const limit = Promise.withResolvers<void>();
    const timer = setTimeout(limit.resolve, FAREWELL_MS);
    await Promise.race([this.#last, limit.promise]);
    clearTimeout(timer);
  }

  #say(text: string): void {
    if (this.#waiting + text.length > MAX_WAITING) return;
    this.#waiting += text.length;
    const settle = () => {
      this.#waiting -= text.length;
    };
    // A closed output ends the supervisor by the lines of its children, not by these.
    this.#last = this.#output.write(text).then(settle, settle);
  }
}

function noticeOf(event: ControlEvent): string | undefined {
  switch (event.event) {
    case "child_exited":
      return `yoi: ${event.data.child} has ended: ${exitText(event.data)}\n`;
    case "child_restarting": {
      const { child, delayMs, reason } = event.data;
      return reason === "requested"
        ? `yoi: ${child} is restarted\n`
        : `yoi: ${child} is restarted in ${delayMs} ms\n`;
    }
    case "child_given_up":
      return `yoi: ${event.data.child} is given up: it has failed too often\n`;
    case "error":
      return `yoi: ${event.data.message}\n`;
    default:
      return undefined;
  }
}
