import { assertEquals } from "@std/assert";
import { loadingFlags } from "../../lib/process/_loading_flags.ts";

/** The flags of a line; its module is `/work/cli.ts`, and what stands behind that is its own. */
function of(line: string, mainModule = "file:///work/cli.ts"): string[] {
  const words = line.split(" ");
  const module = words.findIndex((word) => /(cli|m%C3%BC)\.ts$|mü\.ts$/.test(word));
  const argumentCount = words.length - 1 - module;
  return loadingFlags({ words, argumentCount, mainModule, cwd: "/work" });
}

Deno.test("loadingFlags() takes the configuration of an installed program", () => {
  assertEquals(
    of("deno run --allow-read --config /bin/.yoi/deno.json file:///work/cli.ts list --json"),
    ["--config", "/bin/.yoi/deno.json"],
  );
  // As `deno install` writes it for flags that have a value.
  const line = "deno run --allow-all --log-level info --seed 3 --config /b/deno.json --no-lock";
  assertEquals(of(`${line} file:///work/cli.ts`), ["--config", "/b/deno.json", "--no-lock"]);
});

Deno.test("loadingFlags() knows every spelling, and finds relative files from anywhere", () => {
  for (const spelling of ["-c x/c.json", "-cx/c.json", "-c=x/c.json", "-Ac x/c.json"]) {
    assertEquals(of(`deno run ${spelling} cli.ts`), ["--config", "/work/x/c.json"], spelling);
  }
  for (const run of ["deno run", "deno r", "deno -q run", "deno", "deno run -L info --ext ts"]) {
    assertEquals(of(`${run} --config=c.json cli.ts`), ["--config", "/work/c.json"], run);
  }
  assertEquals(of("deno run --import-map https://x.org/map.json --cached-only ./cli.ts"), [
    ...["--import-map", "https://x.org/map.json", "--cached-only"],
  ]);
});

Deno.test("loadingFlags() gives a lock file in one word, for the flag would take the module", () => {
  for (const spelling of ["--lock=a.lock", "--lock a.lock"]) {
    assertEquals(of(`deno run ${spelling} -A cli.ts`), ["--lock=/work/a.lock"], spelling);
  }
  assertEquals(of("deno run --lock --config c cli.ts"), [
    ...["--lock=/work/deno.lock", "--config", "/work/c"],
  ]);
  assertEquals(of("deno run -A --lock cli.ts"), ["--lock=/work/deno.lock"]);
});

Deno.test("loadingFlags() leaves the arguments of the module alone, and other ways to start", () => {
  assertEquals(of("deno run --allow-read cli.ts --config x.json --no-lock"), []);
  assertEquals(of("deno test --config x.json cli.ts", "file:///work/other.ts"), []);
  assertEquals(of("deno run --config x.json cli.ts", "https://x.org/cli.ts"), []);
  assertEquals(of("deno run --config x mü.ts", "file:///work/m%C3%BC.ts"), ["--config", "/work/x"]);
  const nothing = { words: [], argumentCount: 0, mainModule: "file:///work/cli.ts", cwd: "/work" };
  assertEquals(loadingFlags(nothing), []);
});
