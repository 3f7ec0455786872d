import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { findLines, type MatchRequest } from "../../lib/tools/_match_lines.ts";
import { LineMatcher, MatchTimeoutError } from "../../lib/tools/_line_matcher.ts";
import { translateRegex } from "../../lib/tools/_regex_syntax.ts";
import { bytes } from "./_sample_tree.ts";

function request(
  pattern: string,
  content: Uint8Array | string,
  options: Partial<MatchRequest> = {},
): MatchRequest {
  const multiline = options.multiline ?? false;
  return {
    ...translateRegex(pattern, { ignoreCase: false, multiline }),
    bytes: typeof content === "string" ? bytes(content) : content,
    multiline,
    before: 0,
    after: 0,
    maxMatches: Infinity,
    ...options,
  };
}

function numbers(...parameters: Parameters<typeof request>): number[] {
  return findLines(request(...parameters)).lines.filter((line) => line.isMatch)
    .map((line) => line.number);
}

Deno.test("findLines() finds lines whatever ends them", () => {
  assertEquals(numbers("^a$", "a\nb\r\na\r\n\na"), [1, 3, 5]);
  assertEquals(numbers("^$", "a\n\n\r\nb\n"), [2, 3]);
  assertEquals(numbers("", ""), []);
  assertEquals(numbers("a", "a\na\na\n", { maxMatches: 2 }), [1, 2]);
});

Deno.test("findLines() shows each context line once", () => {
  const { lines } = findLines(request("x", "1\n2x\n3\n4x\n5\n6\n7\n", { before: 1, after: 1 }));
  assertEquals(lines.map((line) => `${line.number}${line.isMatch ? ":" : "-"}`), [
    "1-",
    "2:",
    "3-",
    "4:",
    "5-",
  ]);
});

Deno.test("findLines() joins matches over lines", () => {
  assertEquals(numbers("b.*d", "a\nb\nc\nd\ne\n", { multiline: true }), [2, 3, 4]);
  assertEquals(numbers("a\\n", "a\na\nb\na", { multiline: true }), [1, 2]);
  assertEquals(numbers("$", "a\nb\n", { multiline: true }), [1, 2]);
  assertEquals(numbers("x*", "", { multiline: true }), []);
});

Deno.test("findLines() matches no byte that is not text, and shows it as U+FFFD", () => {
  const content = bytes("a", [0xff], "b\n", [0xe3, 0x81], "x 😀\n", [0xc3], "é\n");
  assertEquals(numbers("a.b", content), []);
  assertEquals(numbers("a[^x]b", content), []);
  assertEquals(numbers("a\\Wb", content), []);
  assertEquals(numbers("^é|^x", content), []);
  assertEquals(numbers("é$|😀", content), [2, 3]);
  const { lines } = findLines(request("", content));
  assertEquals(lines.map((line) => line.text), ["a\ufffdb", "\ufffdx 😀", "\ufffdé"]);
});

Deno.test("findLines() reads marked UTF-16 and skips binary blocks", () => {
  const utf16 = new Uint8Array(
    new Uint16Array([0xfeff, ..."é\nx".split("").map((c) => c.charCodeAt(0))]).buffer,
  );
  assertEquals(numbers("^é$", utf16), [1]);
  assertEquals(numbers("^a", bytes([0xef, 0xbb, 0xbf], "a\n")), [1]);
  assertEquals(numbers("a", bytes("a\n", [0], "a\n")), []);
  assertEquals(numbers("a", bytes("a\n", "x\n".repeat(40_000), [0], "a\n")), [1]);
});

Deno.test("translateRegex() says what is wrong with an expression", () => {
  const table: [string, string][] = [
    ["(", "unclosed group"],
    [")", "unopened group"],
    ["[a", "unclosed character class"],
    ["*", "repetition operator missing expression"],
    ["a{", "repetition quantifier expects a valid decimal"],
    ["a{2,1}", "invalid repetition count range"],
    ["(?=a)", "look-around"],
    ["(?<!a)", "look-around"],
    ["(a)\\1", "backreferences are not supported"],
    ["\\y", "unrecognized escape sequence"],
    ["\\p{Klingon}", "Unicode property not found"],
    ["[b-a]", "invalid character class range"],
    ["(?-u)a", "not supported"],
    ["a\\n", "not allowed"],
    ["\\", "incomplete escape sequence"],
    ["\\b{middle}", "invalid word boundary assertion"],
    ["\\x{110000}", "not a Unicode scalar value"],
    ["[a-\\d]", "invalid range boundary"],
    ["[\\b{start}]", "invalid escape sequence"],
  ];
  for (const [pattern, message] of table) {
    const translate = () => translateRegex(pattern, { ignoreCase: false, multiline: false });
    assertThrows(translate, SyntaxError, message);
  }
});

Deno.test("translateRegex() gives flags to groups as written", () => {
  const test = (pattern: string, text: string) => {
    const { source, flags } = translateRegex(pattern, { ignoreCase: false, multiline: false });
    return new RegExp(source, flags).test(text);
  };
  assertEquals(test("a(?i)b|c", "aB"), true);
  assertEquals(test("a(?i)b|c", "C"), true);
  assertEquals(test("a(?i)b|c", "AB"), false);
  assertEquals(test("(?i:a(?-i)b)c", "Abc"), true);
  assertEquals(test("(?i:a(?-i)b)c", "ABc"), false);
  assertEquals(test("(?x) [a b] \\  c # comment", "a c"), true);
  assertEquals(test("(?x) a {2} ?", "aa"), true);
});

Deno.test("LineMatcher answers request after request", async () => {
  using matcher = new LineMatcher();
  const { signal } = new AbortController();
  for (const text of ["a\n", "b\na\n"]) {
    const { lines } = await matcher.match(request("a", text), { signal });
    assertEquals(lines.map((line) => line.number), [text.length / 2]);
  }
});

Deno.test("LineMatcher ends an expression that takes too long, and works on", async () => {
  using matcher = new LineMatcher();
  const { signal } = new AbortController();
  const endless = request("^(a|a?)+$", `${"a".repeat(60)}!`);
  await assertRejects(() => matcher.match(endless, { signal, timeoutMs: 20 }), MatchTimeoutError);
  const { lines } = await matcher.match(request("a", "a"), { signal });
  assertEquals(lines.length, 1);
});

Deno.test("LineMatcher hands a fault of its worker to the caller", async () => {
  using matcher = new LineMatcher();
  const { signal } = new AbortController();
  const broken = { ...request("a", "a"), source: "(" };
  await assertRejects(() => matcher.match(broken, { signal }), Error, "Cannot search");
});
