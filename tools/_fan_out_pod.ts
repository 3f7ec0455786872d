/**
 * A Pod for the fan-out bench: each run emits paced deltas that carry the time they were emitted at.
 * Arguments: folder, deltas a run, milliseconds between two deltas.
 */

import type { Engine } from "../lib/engine/mod.ts";
import { readyLine } from "../lib/fleet/ready_line.ts";
import { PodController } from "../lib/pod/mod.ts";

const [root = "", count = "0", pauseMs = "0"] = Deno.args;

const engine: Engine = {
  describe: () => ({ provider: "unknown", model: "metronome", tools: [], contextWindow: 0 }),
  async runTurn(_turn, sink) {
    sink.emit({ event: "turn_start", data: { turn: sink.turnCount } });
    for (let index = 0; index < Number(count); index++) {
      const { promise, resolve } = Promise.withResolvers<void>();
      setTimeout(resolve, Number(pauseMs));
      await promise;
      const text = String(performance.timeOrigin + performance.now());
      sink.emit({ event: "text_delta", data: { text } });
    }
    return { kind: "finished" };
  },
};

await using pod = await PodController.start(engine, {
  name: "bench",
  runtimeRoot: `${root}/run`,
  sessionsRoot: `${root}/sessions`,
});
const line = readyLine({ name: "bench", socketPath: pod.socketPath });
await Deno.stdout.write(new TextEncoder().encode(line));
await pod.done;
