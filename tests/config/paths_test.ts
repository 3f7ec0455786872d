import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ConfigError } from "../../lib/config/config_error.ts";
import {
  locksDir,
  podRuntimeDir,
  podSocketPath,
  podsRoot,
  resolveDataDir,
  resolvePaths,
  sessionsRoot,
} from "../../lib/config/paths.ts";

/** The table of section G: per folder the variables in order, and what lies below each. */
const TABLE = {
  config: [["YOI_CONFIG_DIR", ""], ["YOI_HOME", "/config"], ["XDG_CONFIG_HOME", "/yoi"], [
    "HOME",
    "/.config/yoi",
  ]],
  data: [["YOI_DATA_DIR", ""], ["YOI_HOME", ""], ["HOME", "/.yoi"]],
  runtime: [["YOI_RUNTIME_DIR", ""], ["YOI_HOME", "/run"], ["XDG_RUNTIME_DIR", "/yoi"], [
    "HOME",
    "/.yoi/run",
  ]],
} as const;

const VARIABLES = [
  "YOI_CONFIG_DIR",
  "YOI_DATA_DIR",
  "YOI_RUNTIME_DIR",
  "YOI_HOME",
  "XDG_CONFIG_HOME",
  "XDG_RUNTIME_DIR",
  "HOME",
];

Deno.test("resolvePaths() follows the table for every combination of set, empty and unset", () => {
  for (let bits = 0; bits < 1 << VARIABLES.length; bits++) {
    for (const absent of [undefined, ""]) {
      const env = (name: string) =>
        bits & (1 << VARIABLES.indexOf(name)) ? `/${name.toLowerCase()}` : absent;
      const expected = Object.fromEntries(
        Object.entries(TABLE).map(([base, rows]) => {
          const row = rows.find(([name]) => env(name));
          return [base, row && `${env(row[0])}${row[1]}`];
        }),
      );
      if (Object.values(expected).every((path) => path !== undefined)) {
        assertEquals({ ...resolvePaths(env) }, expected);
      } else {
        assertThrows(() => resolvePaths(env), ConfigError);
      }
    }
  }
});

Deno.test("resolvePaths() names the variables when none is set", () => {
  const error = assertThrows(() => resolveDataDir(() => undefined), ConfigError);
  assertEquals(error.code, "no_directory");
  assertStringIncludes(error.message, "YOI_DATA_DIR, YOI_HOME, HOME");
});

Deno.test("the paths below the base folders", () => {
  assertEquals(sessionsRoot("/d"), "/d/sessions");
  assertEquals(podsRoot("/d"), "/d/pods");
  assertEquals(locksDir("/r"), "/r/locks");
  assertEquals(podRuntimeDir("/r", "agent"), "/r/agent");
  assertEquals(podSocketPath("/r", "agent"), "/r/agent/sock");
});

Deno.test("podSocketPath() lets no name lead out of the runtime folder", () => {
  for (const name of ["..", ".", "", "../x", "a/b"]) {
    assertThrows(() => podSocketPath("/r", name), ConfigError);
  }
});
