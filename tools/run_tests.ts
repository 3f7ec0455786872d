/**
 * `deno task test`: all tests and the examples in comments and README, with the coverage of `lib/`.
 *
 * Arguments go to `deno test` in place of the folders; coverage is not measured then. With `CI=true`
 * or `--bundle` the end-to-end tests run a second time, on the bundle.
 */

import { join, relative } from "@std/path";
import { spawnChild } from "../lib/process/child.ts";
import { PERMISSION_FLAGS } from "../lib/process/self_command.ts";
import { BUNDLE, bundleProgram } from "./_bundle_program.ts";
import { addTotals, countTests, formatTotals, type Totals } from "./_junit.ts";
import { type FileCoverage, parseLcov, percentOf } from "./_lcov.ts";
import { complain, ROOT, runDeno, say, withTempDir } from "./_project.ts";

/** Everything that holds tests or examples. `tests` first: `--ignore` reaches the first alone. */
const EVERYTHING = ["tests", "lib", "README.md"];

/**
 * Tests that start many workers, which are run apart: while coverage profiles are taken, Deno 2.9
 * starts each worker a second late.
 */
const MANY_WORKERS = ["tests/tools/grep_test.ts", "tests/tools/search_engines_test.ts"];

/** The tests that start the program through `YOI_BIN`. */
const END_TO_END = ["tests/e2e"];

/**
 * Tests look into `/proc` and count descriptors: the runtime opens it only to a program that may do
 * everything, and only one test at a time can count. The program that is tested has its own flags.
 */
const TEST_FLAGS = [...PERMISSION_FLAGS, "--allow-ffi", "--allow-import"];

/** Coverage that `lib/` must have, in per cent of its lines. */
const LEAST_COVERAGE = 85;

/** Files that are named when the coverage is too low. */
const NAMED_FILES = 10;

/** How one run of the tests is made. */
interface TestRun {
  /** Arguments for `deno test` behind the fixed ones: files, folders, a filter. */
  args: readonly string[];
  /** Variables for the tests. */
  env?: Record<string, string>;
  /** Folder for the coverage profiles; without it none are taken. */
  coverage?: string;
}

/** What came of the whole run. */
interface Verdict {
  totals: Totals;
  ok: boolean;
}

/** Runs what the arguments ask for. */
async function runAll(args: readonly string[], withBundle: boolean): Promise<Verdict> {
  return await withTempDir(async (folder) => {
    const chosen = args.length > 0;
    const coverage = join(folder, "coverage");
    const totals: Totals[] = [];
    if (chosen) {
      totals.push(await runTests({ args }, folder));
    } else {
      const others = [...EVERYTHING, `--ignore=${MANY_WORKERS.join()}`];
      totals.push(await runTests({ args: others, coverage }, folder));
      totals.push(await runTests({ args: MANY_WORKERS }, folder));
    }
    // What failed tests cover says nothing.
    const covered = chosen || addTotals(totals).failed > 0 || await isCovered(coverage);
    if (withBundle) {
      await bundleProgram(BUNDLE);
      await say("\nAgain, on the bundle:");
      totals.push(await runTests({ args: END_TO_END, env: { YOI_BIN: BUNDLE } }, folder));
    }
    const sum = addTotals(totals);
    return { totals: sum, ok: covered && sum.failed === 0 };
  });
}

/** Runs `deno test` before the eyes of the person and counts its results. */
async function runTests(run: TestRun, folder: string): Promise<Totals> {
  const report = join(folder, "report.xml");
  const seed = crypto.getRandomValues(new Uint32Array(1))[0];
  await say(`deno test --shuffle=${seed} ${run.args.join(" ")}`);
  await using child = spawnChild({
    command: [
      Deno.execPath(),
      "test",
      ...TEST_FLAGS,
      "--no-prompt",
      "--doc",
      `--shuffle=${seed}`,
      `--junit-path=${report}`,
      ...(run.coverage ? [`--coverage=${run.coverage}`, "--coverage-raw-data-only"] : []),
      ...run.args,
    ],
    cwd: ROOT,
    ...(run.env && { env: run.env }),
    stdout: "inherit",
    stderr: "inherit",
    group: false, // Ctrl-C reaches the tests as it reaches us.
  });
  const { code } = await child.status;
  const totals = countTests(await takeReport(report));
  // A file that could not even be loaded is in no report.
  if (code !== 0 && totals.failed === 0) totals.failed = 1;
  return totals;
}

/** The report of a run; empty when the run ended before its tests began. */
async function takeReport(path: string): Promise<string> {
  try {
    const text = await Deno.readTextFile(path);
    await Deno.remove(path);
    return text;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

/** Says how much of `lib/` was run, and whether that is enough. */
async function isCovered(profiles: string): Promise<boolean> {
  const { stdout } = await runDeno(["coverage", "--lcov", `--include=${ROOT}/lib/`, profiles], {
    maxOutputBytes: 256 << 20,
  });
  const files = parseLcov(stdout);
  const percent = percentOf(files);
  await say(`Coverage of lib/: ${percent.toFixed(1)} % of lines (at least ${LEAST_COVERAGE} %)`);
  if (percent >= LEAST_COVERAGE) return true;
  await complain("Cannot accept these tests: too little of lib/ is covered, least of all");
  for (const file of leastCovered(files)) {
    await complain(`  ${percentOf([file]).toFixed(1)} % ${relative(ROOT, file.path)}`);
  }
  return false;
}

function leastCovered(files: readonly FileCoverage[]): FileCoverage[] {
  const missed = ({ lines, hit }: FileCoverage) => lines - hit;
  return files.toSorted((a, b) => missed(b) - missed(a)).slice(0, NAMED_FILES);
}

if (import.meta.main) {
  const withBundle = Deno.args.includes("--bundle") ||
    (Deno.env.get("CI") === "true" && Deno.args.length === 0);
  const args = Deno.args.filter((arg) => arg !== "--bundle");
  const { totals, ok } = await runAll(args, withBundle);
  await say(formatTotals(totals));
  Deno.exitCode = ok ? 0 : 1;
}
