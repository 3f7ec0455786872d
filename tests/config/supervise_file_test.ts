import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ConfigError } from "../../lib/config/config_error.ts";
import { parseSuperviseFile, readSuperviseFile } from "../../lib/config/supervise_file.ts";
import { completeConfig, type SupervisorConfig } from "../../lib/supervisor/supervisor_config.ts";

const PATH = "/srv/app/supervise.jsonc";

function faultOf(text: string): string {
  const { code, message } = assertThrows(() => parseSuperviseFile(text, PATH), ConfigError);
  assertEquals(code, "bad_file");
  return message;
}

function withChild(fields: Record<string, unknown>): string {
  return JSON.stringify({ children: [{ name: "web", command: ["web"], ...fields }] });
}

Deno.test("parseSuperviseFile() takes every key, comments and trailing commas", () => {
  const text = `{
    "$schema": "./supervise.schema.json",
    "shutdownTimeoutMs": 9000, // in all
    "children": [
      {
        "name": "egress",
        "command": ["egress", "--port", "8080"],
        "cwd": "../egress",
        "env": { "LOG": "info" },
        "startAfter": ["git-gate"],
        "readyLine": "listening on",
        "readyTimeoutMs": 4000,
        "stopSignal": "SIGINT",
        "stopTimeoutMs": 3000,
        "restart": "always",
        "backoff": { "initialMs": 1, "maxMs": 2, "factor": 1.5, "resetAfterMs": 3 },
        "maxRestarts": 4,
        "critical": true,
      },
      /* what it needs */ { "name": "git-gate", "command": ["git-gate"] },
    ],
  }`;
  const config: SupervisorConfig = parseSuperviseFile(text, PATH);
  assertEquals(config, {
    shutdownTimeoutMs: 9000,
    children: [
      {
        name: "egress",
        command: ["egress", "--port", "8080"],
        cwd: "/srv/egress",
        env: { LOG: "info" },
        startAfter: ["git-gate"],
        readyLine: "listening on",
        readyTimeoutMs: 4000,
        stopSignal: "SIGINT",
        stopTimeoutMs: 3000,
        restart: "always",
        backoff: { initialMs: 1, maxMs: 2, factor: 1.5, resetAfterMs: 3 },
        maxRestarts: 4,
        critical: true,
      },
      { name: "git-gate", command: ["git-gate"], cwd: "/srv/app" },
    ],
  });
  completeConfig(config);
});

Deno.test("parseSuperviseFile() keeps an absolute working directory", () => {
  const { children } = parseSuperviseFile(withChild({ cwd: "/opt/web" }), PATH);
  assertEquals(children[0]?.cwd, "/opt/web");
});

Deno.test("parseSuperviseFile() says where a text is no JSONC", () => {
  const cases: [string, string][] = [
    ["", `line 1, column 1: unexpected end of JSONC input`],
    ['{\n  "children": [\n', `line 3, column 1: unexpected end of JSONC input`],
    ['{\n  "children": nothing\n}', `line 2, column 15: unexpected token "nothing"`],
    ['{\n  "a": 1\n  "b": 2\n}', `line 3, column 3: unexpected token ""b""`],
  ];
  for (const [text, reason] of cases) {
    assertEquals(faultOf(text), `Cannot read "${PATH}", ${reason}`);
  }
});

Deno.test("parseSuperviseFile() names the JSON path of a wrong value and what it must be", () => {
  const milliseconds = "a whole number of milliseconds, 0 to 2147483647";
  const cases: [string, string][] = [
    ["[]", "$ must be an object with the list children, not an empty list"],
    ["{}", "$.children must be a list of children, at least one, but it is missing"],
    ['{"children":{}}', "$.children must be a list of children, at least one, not an object"],
    ['{"children":[]}', "$.children must be a list of children, at least one, not an empty list"],
    [
      '{"children":["web"]}',
      '$.children[0] must be an object with a name and a command, not "web"',
    ],
    [
      '{"children":[{"name":"web"}]}',
      "$.children[0].command must be a list of texts, the program first, but it is missing",
    ],
    [
      withChild({ command: "web --port 80" }),
      '$.children[0].command must be a list of texts, the program first, not "web --port 80"',
    ],
    [
      withChild({ command: [] }),
      "$.children[0].command must be a list of texts, the program first, not an empty list",
    ],
    [withChild({ command: ["web", 80] }), "$.children[0].command[1] must be a text, not 80"],
    [
      withChild({ name: "Web" }),
      "$.children[0].name must be a name that no other child has, of the form " +
      '[a-z0-9][a-z0-9_-]{0,62}, not "Web"',
    ],
    [withChild({ cwd: "" }), '$.children[0].cwd must be the path of a folder, not ""'],
    [
      withChild({ env: { "LOG LEVEL": 3 } }),
      '$.children[0].env["LOG LEVEL"] must be a text, not 3',
    ],
    [
      withChild({ env: { "A=B": "c" } }),
      '$.children[0].env["A=B"] is no key: it must be the name of a variable, without =',
    ],
    [
      withChild({ startAfter: "db" }),
      '$.children[0].startAfter must be a list of names of other children, not "db"',
    ],
    [
      withChild({ readyLine: "" }),
      '$.children[0].readyLine must be a text that is not empty and has no line break, not ""',
    ],
    [
      withChild({ stopTimeoutMs: -1 }),
      `$.children[0].stopTimeoutMs must be ${milliseconds}, not -1`,
    ],
    [
      withChild({ readyTimeoutMs: 1e10 }),
      `$.children[0].readyTimeoutMs must be ${milliseconds}, not 10000000000`,
    ],
    [
      withChild({ backoff: { factor: 0.5 } }),
      "$.children[0].backoff.factor must be a number, 1 or more, not 0.5",
    ],
    [
      withChild({ stopSignal: "SIGFROB" }),
      '$.children[0].stopSignal must be the name of a signal such as SIGTERM, not "SIGFROB"',
    ],
    [
      withChild({ restart: true }),
      "$.children[0].restart must be one of never, on-failure, always, not true",
    ],
    [withChild({ critical: null }), "$.children[0].critical must be true or false, not null"],
    [
      withChild({ readyLine: ["x".repeat(80)] }),
      "$.children[0].readyLine must be a text that is not empty and has no line break, not a list",
    ],
    [
      withChild({ restart: "x".repeat(80) }),
      `$.children[0].restart must be one of never, on-failure, always, not "${"x".repeat(59)}...`,
    ],
  ];
  for (const [text, reason] of cases) {
    assertEquals(faultOf(text), `Cannot use "${PATH}": ${reason}`);
  }
});

Deno.test("parseSuperviseFile() tells what cannot be parsed in one line, however odd it is", () => {
  assertEquals(
    faultOf('{"children":[{"name":"a\nb"}]}'),
    `Cannot read "${PATH}", line 1, column 22: unexpected token ""a\\nb""`,
  );
  assertEquals(faultOf("[".repeat(100_000)), `Cannot read "${PATH}": it is nested too deeply`);
});

Deno.test("parseSuperviseFile() names an unknown key before the one that it may stand for", () => {
  assertEquals(
    faultOf('{"children":[{"name":"web","comand":["web"]}]}'),
    `Cannot use "${PATH}": $.children[0].comand is an unknown key: it must be one of name, command, ` +
      "cwd, env, startAfter, readyLine, readyTimeoutMs, stopSignal, stopTimeoutMs, restart, " +
      "backoff, maxRestarts, critical",
  );
  assertEquals(
    faultOf(withChild({ backoff: { "initial ms": 3 } })),
    `Cannot use "${PATH}": $.children[0].backoff["initial ms"] is an unknown key: it must be one of ` +
      "initialMs, maxMs, factor, resetAfterMs",
  );
});

Deno.test("readSuperviseFile() names a file that is not there, or is no text", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/bytes`, new Uint8Array([0x7b, 0xff, 0x7d]));
    await Deno.writeTextFile(`${folder}/marked`, `\uFEFF${withChild({})}`);
    assertEquals((await readSuperviseFile(`${folder}/marked`)).children.length, 1);
    const cases: [string, string][] = [
      ["none", "there is no such file"],
      ["bytes", "it is not UTF-8 text"],
      [".", "it is a folder"],
    ];
    for (const [name, reason] of cases) {
      const path = `${folder}/${name}`;
      const { code, message } = await assertRejects(() => readSuperviseFile(path), ConfigError);
      assertEquals([code, message], ["bad_file", `Cannot read "${path}": ${reason}`]);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
