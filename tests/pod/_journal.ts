import { ClientQueue } from "../../lib/pod/client_queue.ts";
import { Journal } from "../../lib/pod/journal.ts";
import type { Event, Greeting } from "../../lib/protocol/mod.ts";
import { emptyConfig, SegmentLog } from "../../lib/session/mod.ts";

export const SESSION = "01980000-0000-7000-8000-000000000001";
export const SEGMENT = "01980000-0000-7000-8000-000000000002";

const GREETING: Greeting = {
  pod_name: "agent",
  cwd: "/work",
  provider: "unknown",
  model: "none",
  scope_summary: "",
  tools: [],
  context_window: 0,
  context_tokens: 0,
};

/** A journal with an open segment in a folder of its own. */
export class TestJournal implements AsyncDisposable {
  readonly folder: string;
  readonly journal: Journal;
  readonly log: SegmentLog;

  private constructor(folder: string, journal: Journal, log: SegmentLog) {
    this.folder = folder;
    this.journal = journal;
    this.log = log;
  }

  static async open(now: () => number = () => 5): Promise<TestJournal> {
    const folder = await Deno.makeTempDir({ prefix: "yoi-" });
    const journal = new Journal({ greeting: () => GREETING, status: () => "idle", now });
    const log = SegmentLog.createSync(`${folder}/${SEGMENT}.jsonl`, [{
      kind: "segment_start",
      session_id: SESSION,
      system_prompt: null,
      config: emptyConfig(),
      history: [],
    }]);
    const texts = log.replay.entries.map((logged) => logged.text);
    journal.switchTo(log, { texts, state: { ...log.replay } }, false);
    return new TestJournal(folder, journal, log);
  }

  /** A client that was attached just now. */
  attach(maxBytes?: number): ClientQueue {
    const queue = new ClientQueue(maxBytes === undefined ? {} : { maxBytes });
    this.journal.attach(queue);
    return queue;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.log[Symbol.asyncDispose]();
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** Takes everything that waits in a queue. */
export function takeAll(queue: ClientQueue): Event[] {
  const decoder = new TextDecoder();
  const events: Event[] = [];
  for (let chunk = queue.take(); chunk; chunk = queue.take()) {
    for (const line of decoder.decode(chunk).split("\n")) {
      if (line !== "") events.push(JSON.parse(line));
    }
  }
  return events;
}

/** The lines of a log file. */
export function linesOf(path: string): string[] {
  return Deno.readTextFileSync(path).split("\n").filter((line) => line !== "");
}
