import { assertEquals } from "@std/assert";
import { age } from "../../lib/cli/age.ts";

Deno.test("age() says how long ago in the largest unit that fits", () => {
  const words = [-5, 0, 999, 1_000, 59_999, 60_000, 7_200_000, 172_800_000].map(age);
  assertEquals(words, [
    "now",
    "now",
    "now",
    "1 s ago",
    "59 s ago",
    "1 min ago",
    "2 h ago",
    "2 d ago",
  ]);
});
