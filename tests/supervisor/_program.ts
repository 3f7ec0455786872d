/** A supervisor that runs as a program of its own. @module */

import { type Child, spawnChild } from "../../lib/process/child.ts";
import type { ControlEvent } from "../../lib/supervisor/control_protocol.ts";
import type { SupervisorConfig } from "../../lib/supervisor/supervisor_config.ts";
import { JsonLineReader } from "../../lib/stream/json_lines.ts";
import { testProgram } from "../process/_system.ts";
import { Recorder } from "./_supervised.ts";

/** What the program says at its end. */
export type Ending =
  | { event: "done"; data: { code: number; reason: string } }
  | { event: "failed"; data: { message: string } };

/** `tests/programs/supervised_main.ts` in a process. */
export class SupervisorProgram implements AsyncDisposable {
  /** What it tells. */
  readonly heard = new Recorder();
  /** The process. */
  readonly child: Child;
  /** The last thing that it tells; `undefined` when it is killed. */
  readonly ending: Promise<Ending | undefined>;

  constructor(config: SupervisorConfig, controlPath?: string) {
    const command = testProgram("supervised_main.ts", JSON.stringify(config));
    command.splice(2, 0, "--allow-net");
    if (controlPath !== undefined) command.push(controlPath);
    this.child = spawnChild({ command, stdout: "piped", stderr: "piped" });
    this.ending = this.#read();
  }

  /** Sends a signal to the program alone. */
  signal(signal: Deno.Signal): void {
    Deno.kill(this.child.pid, signal);
  }

  /** Reads, and forgets, what the children print; resolves when the program has ended. */
  async drain(): Promise<void> {
    for await (const _ of this.child.stdout) continue;
  }

  /** An orderly end, so that its children end too; a shutdown takes 10 seconds at most. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.child.stop({ graceMs: 15_000 });
    await this.ending;
  }

  async #read(): Promise<Ending | undefined> {
    let ending: Ending | undefined;
    for await (const value of new JsonLineReader<ControlEvent | Ending>(this.child.stderr)) {
      if (value.event === "done" || value.event === "failed") ending = value;
      else this.heard.listen(value);
    }
    return ending;
  }
}
