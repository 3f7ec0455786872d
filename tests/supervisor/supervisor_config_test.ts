import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  type ChildConfig,
  completeConfig,
  type SupervisorConfig,
} from "../../lib/supervisor/supervisor_config.ts";
import { SupervisorError } from "../../lib/supervisor/supervisor_error.ts";

const WEB: ChildConfig = { name: "web", command: ["serve", "--port", "8080"] };

Deno.test("completeConfig() fills in every default", () => {
  assertEquals(completeConfig({ children: [WEB] }), {
    shutdownTimeoutMs: 10_000,
    children: [{
      name: "web",
      command: ["serve", "--port", "8080"],
      cwd: ".",
      env: {},
      startAfter: [],
      readyTimeoutMs: 5_000,
      stopSignal: "SIGTERM",
      stopTimeoutMs: 5_000,
      restart: "on-failure",
      backoff: { initialMs: 200, maxMs: 10_000, factor: 2, resetAfterMs: 30_000 },
      maxRestarts: 10,
      critical: false,
    }],
  });
});

Deno.test("completeConfig() keeps what was chosen, and shares nothing with it", () => {
  const config: SupervisorConfig = {
    shutdownTimeoutMs: 1,
    children: [WEB, {
      name: "0-a_z",
      command: ["x", ""],
      cwd: "/srv",
      env: { LOG: "info", EMPTY: "" },
      startAfter: ["web", "web"],
      readyLine: "listening on",
      readyTimeoutMs: 2,
      stopSignal: "SIGINT",
      stopTimeoutMs: 3,
      restart: "always",
      backoff: { initialMs: 4, factor: 1.5 },
      maxRestarts: 6,
      critical: true,
    }],
  };
  const { children } = completeConfig(config);
  assertEquals(
    children[1],
    {
      ...config.children[1],
      command: ["x", ""],
      startAfter: ["web"],
      backoff: { initialMs: 4, maxMs: 10_000, factor: 1.5, resetAfterMs: 30_000 },
    } as typeof children[number],
  );
  assert(children[1]?.env !== config.children[1]?.env);
  assert(children[1]?.command !== config.children[1]?.command);
});

/** What is wrong with a child beside `web`, and the error that says so. */
const WRONG_CHILDREN: [Partial<ChildConfig>, path: string, reason: string][] = [
  [
    { name: "web" },
    "$.children[1].name",
    'must be unique, but $.children[0].name is "web" too',
  ],
  ...["", "Web", "-web", "a b", "a\n", "a".repeat(64), "../a", "ä"].map((
    name,
  ): [Partial<ChildConfig>, string, string] => [
    { name },
    "$.children[1].name",
    'must be 1 to 63 of a-z, 0-9, "_" and "-", the first one a letter or a digit, not ' +
    JSON.stringify(name),
  ]),
  [{ command: [] }, "$.children[1].command", "must hold a program and its arguments"],
  [{ command: [""] }, "$.children[1].command[0]", "must not be empty"],
  [{ command: ["a", "b\0c"] }, "$.children[1].command[1]", "must not contain NUL"],
  [{ command: ["a\0b"] }, "$.children[1].command[0]", "must not contain NUL"],
  [{ cwd: "" }, "$.children[1].cwd", "must not be empty"],
  [{ cwd: "/a\0" }, "$.children[1].cwd", "must not contain NUL"],
  [{ env: { A: "\0" } }, '$.children[1].env["A"]', "must not contain NUL"],
  [
    { env: { "A=B": "" } },
    "$.children[1].env",
    'must hold names without "=" and NUL, not "A=B"',
  ],
  [{ env: { "": "" } }, "$.children[1].env", 'must hold names without "=" and NUL, not ""'],
  [{ readyLine: "" }, "$.children[1].readyLine", "must not be empty"],
  [
    { readyLine: "a\nb" },
    "$.children[1].readyLine",
    "must be part of one line, without a line break",
  ],
  ...["SIGFOO", "TERM", "sigterm", "SIG", "", "toString"].map((
    stopSignal,
  ): [Partial<ChildConfig>, string, string] => [
    { stopSignal },
    "$.children[1].stopSignal",
    `must be a signal of this system such as "SIGTERM", not "${stopSignal}"`,
  ]),
  [
    { restart: "sometimes" as "never" },
    "$.children[1].restart",
    'must be "never", "on-failure" or "always", not "sometimes"',
  ],
  ...[-1, 1.5, NaN, Infinity, 2 ** 31].map((
    stopTimeoutMs,
  ): [Partial<ChildConfig>, string, string] => [
    { stopTimeoutMs },
    "$.children[1].stopTimeoutMs",
    `must be a whole number of milliseconds from 0 to 2147483647, not ${stopTimeoutMs}`,
  ]),
  ...["initialMs", "maxMs", "resetAfterMs"].map((
    key,
  ): [Partial<ChildConfig>, string, string] => [
    { backoff: { [key]: -1 } },
    `$.children[1].backoff.${key}`,
    "must be a whole number of milliseconds from 0 to 2147483647, not -1",
  ]),
  [
    { readyTimeoutMs: -1 },
    "$.children[1].readyTimeoutMs",
    "must be a whole number of milliseconds from 0 to 2147483647, not -1",
  ],
  ...[0.9, NaN, Infinity].map((factor): [Partial<ChildConfig>, string, string] => [
    { backoff: { factor } },
    "$.children[1].backoff.factor",
    `must be a number from 1, not ${factor}`,
  ]),
  ...[-1, 1.5].map((maxRestarts): [Partial<ChildConfig>, string, string] => [
    { maxRestarts },
    "$.children[1].maxRestarts",
    `must be a whole number from 0, not ${maxRestarts}`,
  ]),
  [
    { startAfter: ["web", "db"] },
    "$.children[1].startAfter",
    'must hold names of children, not "db"',
  ],
  [
    { startAfter: ["other"] },
    "$.children[1].startAfter",
    'must not lead in a circle: "other" -> "other"',
  ],
];

Deno.test("completeConfig() refuses what cannot be run, with path and expected form", () => {
  for (const [wrong, path, reason] of WRONG_CHILDREN) {
    const children = [WEB, { name: "other", command: ["x"], ...wrong }];
    assertRefused({ children }, path, reason);
  }
});

Deno.test("completeConfig() refuses a configuration without children, or with a bad time", () => {
  assertRefused({ children: [] }, "$.children", "must hold at least one child");
  assertRefused(
    { shutdownTimeoutMs: -1, children: [WEB] },
    "$.shutdownTimeoutMs",
    "must be a whole number of milliseconds from 0 to 2147483647, not -1",
  );
});

Deno.test("completeConfig() takes no wait, no grace and no restart at all", () => {
  const backoff = { initialMs: 0, maxMs: 0, resetAfterMs: 0 };
  assert(isAccepted({ ...WEB, stopTimeoutMs: 0, maxRestarts: 0, backoff }));
});

Deno.test("completeConfig() names the whole circle, and nothing that only leads to it", () => {
  const children = [["a", "b"], ["b", "c"], ["c", "d"], ["d", "b"]].map(([name, other]) => ({
    name: name!,
    command: ["x"],
    startAfter: [other!],
  }));
  assertRefused(
    { children },
    "$.children[1].startAfter",
    'must not lead in a circle: "b" -> "c" -> "d" -> "b"',
  );
});

Deno.test("completeConfig() takes exactly the signals that the runtime takes", () => {
  const all = [
    ..."ABRT ALRM BREAK BUS CHLD CONT EMT FPE HUP ILL INFO INT IO POLL UNUSED KILL PIPE".split(" "),
    ..."PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2".split(" "),
    ..."VTALRM WINCH XCPU XFSZ CLD RTMIN".split(" "),
  ].map((word) => `SIG${word}`);
  for (const stopSignal of all) {
    assertEquals(isAccepted({ ...WEB, stopSignal }), isKnownToRuntime(stopSignal), stopSignal);
  }
});

Deno.test("completeConfig() takes every name of the allowed form and no other", () => {
  const name = fc.string({ unit: fc.constantFrom("a", "9", "-", "_", "A", " ", "\n", "é") });
  fc.assert(fc.property(name, (name) => {
    const isAllowed = [...name].every((character) => "a9-_".includes(character)) &&
      name !== "" && !/^[-_]/.test(name) && name.length <= 63;
    assertEquals(isAccepted({ ...WEB, name }), isAllowed);
  }));
});

function assertRefused(config: SupervisorConfig, path: string, reason: string): void {
  const error = assertThrows(() => completeConfig(config), SupervisorError);
  assertEquals(error.message, `Cannot use the configuration: ${path} ${reason}`);
  assertEquals([error.code, error.path], ["invalid_config", path]);
}

function isAccepted(child: ChildConfig): boolean {
  try {
    completeConfig({ children: [child] });
    return true;
  } catch (error) {
    assert(error instanceof SupervisorError);
    return false;
  }
}

/** The runtime refuses an unknown name before it looks for the process, which cannot exist. */
function isKnownToRuntime(signal: string): boolean {
  try {
    Deno.kill(2 ** 31 - 1, signal as Deno.Signal);
    return true;
  } catch (error) {
    return !(error instanceof TypeError);
  }
}
