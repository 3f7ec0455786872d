import { assertEquals } from "@std/assert";
import { LineTeller } from "../../lib/supervisor/_line_teller.ts";

const encoder = new TextEncoder();

Deno.test("LineTeller tells whole lines, wherever the chunks are cut", () => {
  const text = "one\ntwo €\n\nlast";
  const bytes = encoder.encode(text);
  for (let at = 0; at <= bytes.length; at++) {
    const told: string[] = [];
    const teller = new LineTeller(() => true, (line) => told.push(line));
    teller.push(bytes.subarray(0, at));
    teller.push(bytes.subarray(at));
    teller.end();
    assertEquals(told, text.split("\n"));
  }
});

Deno.test("LineTeller begins with the next line when it is wanted in the middle of one", () => {
  let isWanted = false;
  const told: string[] = [];
  const teller = new LineTeller(() => isWanted, (line) => told.push(line));
  teller.push(encoder.encode("one\ntw"));
  isWanted = true;
  teller.push(encoder.encode("o, still"));
  teller.push(encoder.encode(" the same\nthree\nfo"));
  teller.push(encoder.encode("ur\n"));
  assertEquals(told, ["three", "four"]);
  isWanted = false;
  teller.push(encoder.encode("five\n"));
  isWanted = true;
  teller.push(encoder.encode("six"));
  teller.end();
  assertEquals(told, ["three", "four", "six"]);
});

Deno.test("LineTeller tears no letter at the end of a piece", () => {
  const told: string[] = [];
  const teller = new LineTeller(() => true, (line) => told.push(line));
  const text = "x" + "€".repeat(50_000);
  teller.push(encoder.encode(`${text}\n`));
  assertEquals(told.join(""), text);
});
