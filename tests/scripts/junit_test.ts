import { assertEquals } from "@std/assert";
import { addTotals, countTests, formatTotals } from "../../tools/_junit.ts";

const REPORT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="9" failures="2" errors="1" time="0.1">
    <testsuite name="./a_test.ts" tests="7" disabled="2" errors="0" failures="2">
        <testcase name="plain" classname="./a_test.ts" time="0.001" line="1" col="6">
        </testcase>
        <testcase name="says &lt;/testcase&gt;" classname="./a_test.ts" time="0.001" line="2" col="6">
            <failure message="Uncaught Error: &lt;skipped/&gt;">Error: &lt;skipped/&gt;</failure>
        </testcase>
        <testcase name="not now" classname="./a_test.ts" time="0.001" line="3" col="11">
            <skipped/>
        </testcase>
        <testcase name="with steps" classname="./a_test.ts" time="0.001" line="4" col="6">
            <failure message="1 test step failed">1 test step failed.</failure>
        </testcase>
        <testcase name="with steps &gt; one" classname="./a_test.ts" time="0.001" line="4" col="43">
        </testcase>
        <testcase name="with steps &gt; two" classname="./a_test.ts" time="0.001" line="4" col="73">
            <failure message="Uncaught Error: two">Error: two</failure>
        </testcase>
        <testcase name="a &gt; b is no step" classname="./a_test.ts" time="0.001" line="9" col="6">
        </testcase>
    </testsuite>
    <testsuite name="./b_test.ts" tests="1" disabled="0" errors="1" failures="0">
        <testcase name="cut short" classname="./b_test.ts" time="0.000" line="1" col="6">
            <error message="Cancelled"/>
        </testcase>
    </testsuite>
</testsuites>
`;

Deno.test("countTests() counts tests, not their steps, and takes cancelled ones for failed", () => {
  assertEquals(countTests(REPORT), { passed: 2, failed: 3, skipped: 1 });
});

Deno.test("countTests() finds nothing in an empty report", () => {
  assertEquals(countTests(""), { passed: 0, failed: 0, skipped: 0 });
});

Deno.test("addTotals() adds up several runs", () => {
  const totals = addTotals([
    { passed: 3, failed: 0, skipped: 1 },
    { passed: 4, failed: 2, skipped: 0 },
  ]);
  assertEquals(totals, { passed: 7, failed: 2, skipped: 1 });
});

Deno.test("formatTotals() names skipped tests only when there are some", () => {
  assertEquals(formatTotals({ passed: 7, failed: 2, skipped: 0 }), "7 passed, 2 failed");
  assertEquals(formatTotals({ passed: 7, failed: 0, skipped: 1 }), "7 passed, 0 failed, 1 skipped");
});
