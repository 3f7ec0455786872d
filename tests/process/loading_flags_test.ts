import { assertEquals } from "@std/assert";
import { loadingFlags } from "../../lib/process/_loading_flags.ts";

const of = (line: string) => loadingFlags(line.split(" "), "/work");

Deno.test("loadingFlags() takes the configuration of an installed program", () => {
  assertEquals(
    of("deno run --allow-read --config /bin/.yoi/deno.json file:///yoi/cli.ts list --json"),
    ["--config", "/bin/.yoi/deno.json"],
  );
});

Deno.test("loadingFlags() knows both spellings, and finds relative files from anywhere", () => {
  assertEquals(of("deno run -c deno.json --lock=a.lock --no-lock cli.ts"), [
    "-c",
    "/work/deno.json",
    "--lock=/work/a.lock",
    "--no-lock",
  ]);
  assertEquals(
    of("deno run --config=c.json --import-map https://x.org/map.json --cached-only m.ts"),
    [
      "--config",
      "/work/c.json",
      "--import-map",
      "https://x.org/map.json",
      "--cached-only",
    ],
  );
});

Deno.test("loadingFlags() leaves the arguments of the module alone, and other ways to start", () => {
  assertEquals(of("deno run --allow-read cli.ts --config x.json --no-lock"), []);
  assertEquals(of("deno test --config x.json"), []);
  assertEquals(of("/opt/yoi ticket list"), []);
  assertEquals(loadingFlags([], "/work"), []);
});
