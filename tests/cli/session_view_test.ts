import { assertEquals } from "@std/assert";
import { SessionView } from "../../lib/cli/session_view.ts";
import { PLAIN } from "../../lib/cli/style.ts";
import type { Event } from "../../lib/protocol/event.ts";

const snapshot: Event = {
  event: "snapshot",
  data: {
    entries: [{ kind: "user_input", ts: 1, segments: [{ kind: "text", content: "hello" }] }],
    greeting: {
      pod_name: "demo",
      cwd: "/work",
      provider: "unknown",
      model: "offline",
      scope_summary: "",
      tools: [],
      context_window: 0,
      context_tokens: 0,
    },
    status: "running",
  },
};

Deno.test("SessionView begins with the Pod, and with its conversation where that is wanted", () => {
  const head = '  · Pod "demo" is running, model offline, in "/work"\n';
  assertEquals(new SessionView({ style: PLAIN }).show(snapshot), head);
  const view = new SessionView({ style: PLAIN, withHistory: true });
  assertEquals(view.show(snapshot), `${head}> hello\n`);
});

Deno.test("SessionView starts over with a second snapshot, also inside a line", () => {
  const view = new SessionView({ style: PLAIN });
  view.show(snapshot);
  view.show({ event: "text_delta", data: { text: "half" } });
  assertEquals(
    view.show(snapshot),
    "\n  ! resynchronised: this side was too slow\n" +
      '  · Pod "demo" is running, model offline, in "/work"\n',
  );
  // The open block is told again from its beginning.
  assertEquals(view.show({ event: "text_delta", data: { text: "half" } }), "half");
});

Deno.test("SessionView puts lines on lines of their own", () => {
  const view = new SessionView({ style: PLAIN });
  const text = view.show({ event: "text_delta", data: { text: "half" } }) +
    view.show({ event: "compact_start" }) +
    view.show({ event: "text_done", data: { text: "half done" } });
  assertEquals(text, "half\n  · compacting\n done\n");
});
