import { assert, assertEquals } from "@std/assert";
import {
  loadYaml,
  readGeneralFrontmatter,
  readStrictFrontmatter,
} from "../../lib/ticket/frontmatter.ts";
import { assertTicketError } from "./_assert_ticket_error.ts";

const yaml = await loadYaml();
const general = (block: string) => readGeneralFrontmatter(block, "item.md", yaml);
const pairs = (block: string) => Object.entries(general(block));

Deno.test("readGeneralFrontmatter takes for numbers what YAML 1.2 does", () => {
  const numbers: Readonly<Record<string, number>> = {
    ...{ "12": 12, "+12": 12, "017": 17, "08": 8, "-08": -8, "00": 0 },
    ...{ "0o17": 15, "0o0": 0, "0x1F": 31, "0xaB": 171 },
    ...{ "-1.5": -1.5, "1.": 1, "09.5": 9.5, ".5": 0.5, "+.5": 0.5, "-.5": -0.5 },
    ...{ "1e3": 1000, "1E-3": 0.001, "08e1": 80, "-.5e1": -5 },
    ...{ ".inf": Infinity, "-.INF": -Infinity, "+.Inf": Infinity, ".nan": NaN, ".NaN": NaN },
  };
  for (const [text, value] of Object.entries(numbers)) {
    assertEquals(general(`key: ${text}\n`)["key"], value, text);
    assertEquals(general(`key:\n  ${text} # why\n`)["key"], value, text);
    assertEquals(general(`{key: ${text}, other: a}\n`)["key"], value, text);
    const words = 'item 1 of field "key" is a number instead of a text';
    for (const list of [` [a, ${text}]`, ` [a,\n  ${text},\n  b]`, `\n- a\n- ${text}`]) {
      assertTicketError(() => general(`key:${list}\n`), "parse", words);
    }
    for (const quoted of [`'${text}'`, `"${text}"`, `|-\n  ${text}`, `!!str ${text}`]) {
      assertEquals(general(`key: ${quoted}\nother: ${text}\n`)["key"], text);
    }
    for (const longer of [`a, ${text} , [ ${text} ]`, `${text} # a\n  b\n  ${text}`]) {
      const folded = longer.replaceAll("\n  ", " ");
      assertEquals(general(`key: '${longer}'\nother: ${text}\n`)["key"], folded);
    }
    for (const plain of [`a ${text}`, `a\n  ${text}`]) {
      assertEquals(general(`key: ${plain}\nother: 0b1\n`)["key"], `a ${text}`);
    }
    assertEquals(readStrictFrontmatter(`key: ${text}\n`), undefined);
    assertEquals(readStrictFrontmatter(`key: [a, ${text}]\n`), undefined);
  }
  const texts = ["1_000", "0b11", "1__0", "-0b1", "0x1_F", "-0x1F", "-0o17", "0o8", "._5"];
  for (
    const text of [...texts, "12e", "1:30", "08:00", ".", "+.", ".iNf", "-.nan", "tRUE", "yes"]
  ) {
    assertEquals(general(`key: ${text}\n`)["key"], text);
    assertEquals(general(`__proto__: [${text}]\nother: 08\n`)["__proto__"], [text]);
  }
  // A tag of the core schema asks for its types.
  assertEquals(pairs("a: !!bool true\nb: bond 007\n"), [["a", true], ["b", "bond 007"]]);
  assertEquals(pairs("a: &x 0o17\nb: *x\n"), [["a", 15], ["b", 15]]);
  assertEquals(pairs("'2': 08\n'1': '08'\na 08, b: c\n"), [
    ["1", "08"],
    ["2", 8],
    ["a 08, b", "c"],
  ]);
});

Deno.test("readGeneralFrontmatter tells keys that are texts from those that YAML takes for others", () => {
  const typed = ["~", "Null", "true", "FALSE", "0", "-12", "+1_000", "1.5", ".5", "1e3", "0x1F"];
  for (const key of [...typed, "0o17", "08", "-.5", "0b11", ".inf", "-.INF", ".NaN"]) {
    assertTicketError(() => general(`${key}: a\n`), "parse", "is not a text");
    assertEquals(general(`'${key}': a\n`)[key], "a");
  }
  for (const key of ["nullify", "1.2.3", "2026-06-01", "é", "a b", "x'y", "_", ".", "-a", "e5"]) {
    assertEquals(general(`${key}: a\n`)[key], "a", key);
  }
  assertEquals(general(`{"a: b": c, "'x": d}\n`)["a: b"], "c");
});

Deno.test("readGeneralFrontmatter refuses keys that are lists, mappings or aliases", () => {
  const blocks: readonly (readonly [string, number])[] = [
    ["? [secret]\n: x\n", 2],
    ["a: 1\n? [secret]\n", 3],
    ["# c\n'a': 1\n\n?\t&x !!seq [secret] # c\n: x\n", 5],
    ["? {secret: b}\n: x\n", 2],
    ["a: 1\n? secret: b\n: x\n", 3],
    ["? 'secret': b\n: x\n", 2],
    ["? - secret\n: x\n", 2],
    ["? # c\n  - secret\n: x\n", 2],
    ["?\n  [secret]\n: x\n", 2],
    ["? ? secret\n: x\n", 2],
    ["? good\n: x\n? [secret]\n: x\n", 4],
    ["a: 1\r? [secret]\r: x\n", 2],
    ["[secret]: x\n", 2],
    ["a:\n  - [b]\n  - c\n[secret] : x\n", 5],
    ["a: 1\n&x [secret]: x\n", 3],
    ["!!map\n[secret]: x\n", 3],
    ["%YAML 1.2\n--- # c\n[secret]: x\n", 4],
    ["--- [secret]: x\n", 2],
    ["{secret: b}: x\n", 2],
    ["  a: 1\n  {secret: b}: x\n", 3],
    ["{[secret]: x}\n", 2],
    ["{a: 'b, [c', # {[x]}\n  d: [e, {f}],\n  ? [secret] : x}\n", 4],
    ["{a: b, {secret}: x}\n", 2],
    ["{a, [secret]}\n", 2],
    ["a: &x [secret]\n*x : y\n", 3],
    ["a: &x secret\n*x : y\n", 3],
  ];
  for (const [block, line] of blocks) {
    const words = `the key on line ${line} is not a text`;
    const error = assertTicketError(() => general(block), "parse", words);
    assertEquals(error.line, line);
    assert(!error.message.includes("secret"), error.message);
    assertEquals(readStrictFrontmatter(block), undefined);
  }
});

Deno.test("readGeneralFrontmatter takes keys that are texts in other styles", () => {
  const blocks: readonly (readonly [string, unknown])[] = [
    ["? key\n: value\n", [["key", "value"]]],
    ["? 'key' # c\n: [a, b]\n? other\n", [["key", ["a", "b"]], ["other", null]]],
    ["? |-\n  [key]\n: value\n", [["[key]", "value"]]],
    ["first: 1\n&x key: value\nother:\n- a\nlist:\n  [b]\n", [
      ["first", 1],
      ["key", "value"],
      ["other", ["a"]],
      ["list", ["b"]],
    ]],
    ['"\\u0061": "[b]: c"\n', [["a", "[b]: c"]]],
    ["{? a : b, c: [d, '{e'], 'f': g, # [h]\n}\n", [["a", "b"], ["c", ["d", "{e"]], ["f", "g"]]],
    ["!!map {a: b}\n", [["a", "b"]]],
  ];
  for (const [block, expected] of blocks) assertEquals(pairs(block), expected, block);
});
