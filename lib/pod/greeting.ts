/** @module */

import type { Engine, EngineDescription } from "../engine/engine.ts";
import type { Greeting } from "../protocol/event.ts";
import type { LoggedUsage } from "../session/mod.ts";

/** Version of this project's additions to the wire; see `Greeting.protocol`. */
const PROTOCOL_ADDITIONS = 1;
/** Names of those additions. */
const FEATURES = ["method_id", "event_seq", "open_blocks", "resync"];

/** What stays the same in all greetings of a Pod. */
export interface GreetingConstants {
  /** Name of the Pod. */
  name: string;
  /** Working directory. */
  cwd: string;
  /** What may be read and written, for people. */
  scopeSummary: string;
}

/** What a Pod says of itself in a snapshot; `usage` is that of the newest model request. */
export function greetingOf(
  engine: Engine,
  { name, cwd, scopeSummary }: GreetingConstants,
  usage: LoggedUsage | undefined,
): Greeting {
  const { provider, model, tools, contextWindow } = describe(engine);
  return {
    pod_name: name,
    cwd,
    provider,
    model,
    scope_summary: scopeSummary,
    tools: [...tools].sort(),
    context_window: contextWindow,
    context_tokens: usage ? usage.input_total_tokens + usage.output_tokens : 0,
    protocol: PROTOCOL_ADDITIONS,
    features: FEATURES,
  };
}

/** An engine that cannot describe itself must not keep clients from the session. */
function describe(engine: Engine): EngineDescription {
  try {
    return engine.describe();
  } catch {
    return { provider: "unknown", model: "unknown", tools: [], contextWindow: 0 };
  }
}
