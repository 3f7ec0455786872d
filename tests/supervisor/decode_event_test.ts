import { assertEquals, assertThrows } from "@std/assert";
import type { ControlEvent } from "../../lib/supervisor/control_protocol.ts";
import { decodeControlEvent } from "../../lib/supervisor/decode_event.ts";
import { SupervisorError } from "../../lib/supervisor/supervisor_error.ts";

/** One of each kind; the type makes the list whole. */
const EVENTS: { readonly [Name in ControlEvent["event"]]: Extract<ControlEvent, { event: Name }> } =
  {
    child_started: { event: "child_started", data: { child: "web", pid: 7, incarnation: 1 } },
    child_ready: { event: "child_ready", data: { child: "web", pid: 7, incarnation: 1 } },
    child_exited: {
      event: "child_exited",
      data: { child: "web", pid: 7, code: 143, signal: "SIGTERM" },
    },
    child_restarting: {
      event: "child_restarting",
      data: { child: "web", reason: "not_ready", delayMs: 200 },
    },
    child_given_up: { event: "child_given_up", data: { child: "web" } },
    status: {
      event: "status",
      data: {
        children: [
          { name: "new", state: "starting", incarnation: 0, restarts: 0 },
          {
            name: "web",
            state: "backoff",
            pid: 7,
            incarnation: 3,
            restarts: 2,
            startedAt: 1_700_000_000_000.5,
            lastExit: { code: 3, signal: null, at: 1_700_000_000_001 },
          },
        ],
      },
    },
    error: { event: "error", data: { message: "no" } },
    line: { event: "line", data: { child: "web", pid: 7, stream: "stderr", line: "hi", at: 5 } },
  };

Deno.test("decodeControlEvent() reads every event from its JSON", () => {
  for (const event of Object.values(EVENTS)) {
    assertEquals(decodeControlEvent(JSON.parse(JSON.stringify(event))), event);
  }
});

Deno.test("decodeControlEvent() leaves out what a newer supervisor says more", () => {
  const { data } = EVENTS.child_given_up;
  const newer = { ...EVENTS.child_given_up, data: { ...data, mood: "sad" }, id: 7 };
  assertEquals(decodeControlEvent(newer), EVENTS.child_given_up);
  assertEquals(decodeControlEvent({ event: "child_thawed", data: { child: "web" } }), undefined);
  assertEquals(decodeControlEvent({ event: "toString" }), undefined);
});

Deno.test("decodeControlEvent() refuses an event that lacks any of its values", () => {
  for (const event of Object.values(EVENTS)) {
    for (const key of Object.keys(event.data)) {
      const data = { ...event.data, [key]: undefined };
      const error = assertThrows(() => decodeControlEvent({ ...event, data }), SupervisorError);
      assertEquals([error.code, error.path], ["control", `$.data.${key}`]);
    }
  }
});

Deno.test("decodeControlEvent() says where an event is wrong and what is expected there", () => {
  const wrong: [unknown, string][] = [
    [3, "$ must be an object, not 3"],
    [{}, "$.event must be the name of an event, not nothing"],
    [{ event: "error" }, "$.data must be an object, not nothing"],
    [{ event: "error", data: { message: 3 } }, "$.data.message must be a text, not 3"],
    [
      { event: "status", data: { children: [{ name: "web", state: "valueOf" }] } },
      "$.data.children[0].state must be one of starting, running, ready, stopping, backoff, exited, " +
      'given_up, not "valueOf"',
    ],
    [
      { ...EVENTS.child_started, data: { child: "web", pid: -1, incarnation: 1 } },
      "$.data.pid must be a whole number from 0, not -1",
    ],
    [
      { ...EVENTS.line, data: { ...EVENTS.line.data, at: "now" } },
      '$.data.at must be a number of milliseconds, not "now"',
    ],
  ];
  for (const [event, reason] of wrong) {
    const error = assertThrows(() => decodeControlEvent(event), SupervisorError);
    assertEquals(error.message, `Cannot read the control message: ${reason}`);
  }
});
