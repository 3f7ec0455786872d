/** @module */

/** How many tests ended in which way. */
export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * Counts the tests of a JUnit report as `deno test` writes it. The steps of a test are part of the
 * test and not counted; what was cancelled counts as failed.
 */
export function countTests(report: string): Totals {
  const totals: Totals = { passed: 0, failed: 0, skipped: 0 };
  for (const [, suite = ""] of report.matchAll(/<testsuite [^>]*>(.*?)<\/testsuite>/gs)) {
    const outcomes = new Map<string, keyof Totals>();
    // The texts inside are escaped: a tag is a tag.
    for (const [, name = "", body = ""] of suite.matchAll(CASE)) {
      if (isStep(name, outcomes)) continue;
      const outcome = outcomeOf(body);
      outcomes.set(name, outcome);
      totals[outcome] += 1;
    }
  }
  return totals;
}

/** Adds up the totals of several runs. */
export function addTotals(all: readonly Totals[]): Totals {
  const sum: Totals = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of all) {
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
  }
  return sum;
}

/** The closing line of a test run. */
export function formatTotals({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed` + (skipped > 0 ? `, ${skipped} skipped` : "");
}

const CASE = /<testcase name="([^"]*)"[^>]*?(?:\/>|>(.*?)<\/testcase>)/gs;

/** Steps follow their test and carry its name in front of their own. */
function isStep(name: string, tests: ReadonlyMap<string, unknown>): boolean {
  const separator = " &gt; ";
  let end = name.indexOf(separator);
  while (end >= 0) {
    if (tests.has(name.slice(0, end))) return true;
    end = name.indexOf(separator, end + separator.length);
  }
  return false;
}

function outcomeOf(body: string): keyof Totals {
  if (/<(?:failure|error)\b/.test(body)) return "failed";
  return /<skipped\b/.test(body) ? "skipped" : "passed";
}
