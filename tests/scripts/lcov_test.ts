import { assertEquals } from "@std/assert";
import { parseLcov, percentOf } from "../../tools/_lcov.ts";

const REPORT = `SF:/p/lib/a.ts
FN:1,a
FNF:1
FNH:1
DA:1,1
DA:2,0
LH:3
LF:4
end_of_record
SF:/p/lib/b.ts
LH:0
LF:2
end_of_record
`;

Deno.test("parseLcov() reads the line counts of each file", () => {
  assertEquals(parseLcov(REPORT), [
    { path: "/p/lib/a.ts", lines: 4, hit: 3 },
    { path: "/p/lib/b.ts", lines: 2, hit: 0 },
  ]);
});

Deno.test("parseLcov() keeps the best count of a file that comes twice", () => {
  const twice = parseLcov(
    "SF:/a.ts\nLH:1\nLF:4\nend_of_record\nSF:/a.ts\nLH:2\nLF:4\nend_of_record\n",
  );
  assertEquals(twice, [{ path: "/a.ts", lines: 4, hit: 2 }]);
});

Deno.test("percentOf() weighs files by their lines, and calls nothing measured 0", () => {
  assertEquals(percentOf(parseLcov(REPORT)), 50);
  assertEquals(percentOf([]), 0);
});
